import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs, type BackOffSettings } from './back-off';
import { CallSlots } from './call-slots';
import { CircuitBreaker, type BreakerSettings } from './circuit-breaker';
import {
  ModelUnavailable,
  UnreadableReply,
  type ModelQuestion,
  type ModelReply,
  type VisionModel,
} from './vision-model';

export type CallOutcome = 'answered' | 'unreadable' | 'rate_limited' | 'failing' | 'timed_out' | 'refused_us';

export interface GuardSettings {
  /** Calls in flight at once with our key. */
  readonly slots: number;
  readonly tries: number;
  /** A server that wants to be asked again later than this is not waited for. */
  readonly maxWaitMs: number;
  readonly backOff: BackOffSettings;
  readonly breaker: BreakerSettings;
}

export interface GuardPorts {
  readonly now: () => number;
  readonly random: () => number;
  readonly onCall?: (model: string, outcome: CallOutcome, ms: number) => void;
}

/** A model behind a limit of calls in flight, retries with jitter, and a circuit breaker for each of its names. */
export class GuardedModel implements VisionModel {
  readonly slots: CallSlots;
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(
    private readonly model: VisionModel,
    private readonly settings: GuardSettings,
    private readonly ports: GuardPorts,
  ) {
    this.slots = new CallSlots(settings.slots);
  }

  get openBreakers(): readonly string[] {
    return [...this.#breakers].filter(([, breaker]) => breaker.open).map(([name]) => name);
  }

  /** Every try, and every wait between them, ends with the signal: it is the attempt's deadline. */
  async ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelReply> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.once(question, signal);
      } catch (error) {
        if (!(error instanceof ModelUnavailable) || !error.retryable || tries >= this.settings.tries)
          throw error;
        const { random } = this.ports;
        const waitMs = backOffMs(this.settings.backOff, tries, random, error.options.retryAfterMs);
        if (waitMs > this.settings.maxWaitMs) throw error;
        await this.pause(waitMs, error, signal);
      }
    }
  }

  private async once(question: ModelQuestion, signal: AbortSignal): Promise<ModelReply> {
    const release = await this.slots.take(signal).catch((error: unknown) => {
      throw outOfTime(error);
    });
    try {
      const breaker = this.breakerOf(question.model);
      const closedForMs = breaker.admit();
      if (closedForMs > 0) {
        throw new ModelUnavailable(`${question.model} keeps failing and is not asked for now`, 'failing', {
          retryAfterMs: closedForMs,
        });
      }
      return await this.asked(question, signal, breaker);
    } finally {
      release();
    }
  }

  private async asked(
    question: ModelQuestion,
    signal: AbortSignal,
    breaker: CircuitBreaker,
  ): Promise<ModelReply> {
    const began = this.ports.now();
    const ended = (outcome: CallOutcome) =>
      this.ports.onCall?.(question.model, outcome, this.ports.now() - began);
    try {
      const reply = await this.model.ask(question, signal);
      breaker.succeeded();
      ended('answered');
      return reply;
    } catch (error) {
      if (error instanceof UnreadableReply) {
        breaker.succeeded();
        ended('unreadable');
      } else if (error instanceof ModelUnavailable) {
        // A full quota or a wrong key is no illness of the model's.
        if (error.kind === 'failing' || error.kind === 'timed_out') breaker.failed();
        else breaker.inconclusive();
        ended(error.kind);
      } else breaker.inconclusive();
      throw error;
    }
  }

  private async pause(waitMs: number, error: ModelUnavailable, signal: AbortSignal): Promise<void> {
    try {
      await sleep(waitMs, undefined, { signal });
    } catch {
      // The deadline came first: what is told is why there was something to wait for.
      throw error;
    }
  }

  private breakerOf(model: string): CircuitBreaker {
    let breaker = this.#breakers.get(model);
    if (breaker === undefined) {
      breaker = new CircuitBreaker(this.settings.breaker, this.ports.now);
      this.#breakers.set(model, breaker);
    }
    return breaker;
  }
}

function outOfTime(cause: unknown): ModelUnavailable {
  return new ModelUnavailable('no call to the model became free in time', 'timed_out', { cause });
}
