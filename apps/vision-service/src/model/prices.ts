import type { TokenUse } from './vision-model';

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

export type Prices = ReadonlyMap<string, Price>;

const ENTRY = /^([^=\s]+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/;

/** `model=input/output` per entry; throws with the entry that is wrong. */
export function parsePrices(entries: readonly string[]): Prices {
  return new Map(
    entries.map((entry) => {
      const parts = ENTRY.exec(entry);
      if (parts === null)
        throw new Error(`has "${entry}"; expected model=input/output in US dollars per million tokens`);
      return [parts[1]!, { input: Number(parts[2]), output: Number(parts[3]) }];
    }),
  );
}

/** US dollars; null when the model's price is not configured. */
export function costOf(prices: Prices, model: string, use: TokenUse): number | null {
  const price = prices.get(model);
  if (price === undefined) return null;
  return (use.inputTokens * price.input + use.outputTokens * price.output) / 1e6;
}
