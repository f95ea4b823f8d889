import { costOf, type Prices } from '../model/prices';
import type { TokenUse } from '../model/vision-model';

export interface Usage {
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly cost_usd: number | null;
}

/** Answered calls and their tokens, of one attempt or, added up, of an evaluation. */
export class Tally {
  #calls = 0;
  #input = 0;
  #output = 0;
  /** null once a model without a known price was used. */
  #cost: number | null = 0;

  constructor(private readonly prices: Prices) {}

  add(model: string, use: TokenUse): void {
    this.#calls += 1;
    this.#input += use.inputTokens;
    this.#output += use.outputTokens;
    const cost = costOf(this.prices, model, use);
    this.#cost = this.#cost === null || cost === null ? null : this.#cost + cost;
  }

  get usage(): Usage {
    return {
      calls: this.#calls,
      input_tokens: this.#input,
      output_tokens: this.#output,
      total_tokens: this.#input + this.#output,
      cost_usd: this.#cost === null ? null : microDollars(this.#cost),
    };
  }
}

export function sumUsage(parts: readonly Usage[]): Usage {
  const sum = (of: (usage: Usage) => number) => parts.reduce((total, usage) => total + of(usage), 0);
  const known = parts.every((usage) => usage.cost_usd !== null);
  return {
    calls: sum((usage) => usage.calls),
    input_tokens: sum((usage) => usage.input_tokens),
    output_tokens: sum((usage) => usage.output_tokens),
    total_tokens: sum((usage) => usage.total_tokens),
    cost_usd: known ? microDollars(sum((usage) => usage.cost_usd ?? 0)) : null,
  };
}

function microDollars(dollars: number): number {
  return Math.round(dollars * 1e6) / 1e6;
}
