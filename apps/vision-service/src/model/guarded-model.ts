import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs, type BackOffSettings } from './back-off';
import { CallSlots } from './call-slots';
import {
  CircuitBreaker,
  type Admission,
  type BreakerSettings,
  type Health,
  type Refusal,
} from './circuit-breaker';
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
  /** Of one question; waiting for a model that is not asked is none. */
  readonly tries: number;
  /** A server that wants to be asked again later than this is not waited for. */
  readonly maxWaitMs: number;
  readonly backOff: BackOffSettings;
  readonly breaker: BreakerSettings;
}

export interface GuardPorts {
  readonly now: () => number;
  readonly random: () => number;
  /** Rejects when the signal aborts; real time without it. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
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

  /**
   * Every try, and every wait between them, ends with the signal: it is the attempt's deadline. A model that is not asked for
   * now is waited for until a trial has told; one that failed since the question came is the answer to it as well.
   */
  async ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelReply> {
    const breaker = this.breakerOf(question.model);
    const { failedTrials } = breaker;
    const isAway = () => breaker.open && breaker.failedTrials > failedTrials;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.once(question, signal, breaker, isAway);
      } catch (error) {
        if (!(error instanceof ModelUnavailable) || !error.retryable) throw error;
        if (tries >= this.settings.tries || isAway()) throw error;
        const { random } = this.ports;
        const waitMs = backOffMs(this.settings.backOff, tries, random, error.options.retryAfterMs);
        await this.pause(waitMs, error, signal);
      }
    }
  }

  /** Asks when there is a call free and the breaker lets it; while it does not, no call is held. */
  private async once(
    question: ModelQuestion,
    signal: AbortSignal,
    breaker: CircuitBreaker,
    isAway: () => boolean,
  ): Promise<ModelReply> {
    for (;;) {
      const release = await this.slots.take(signal).catch((error: unknown) => {
        throw outOfTime(error);
      });
      let refusal: Refusal;
      try {
        const admitted = breaker.admit();
        if ('ended' in admitted) return await this.asked(question, signal, admitted);
        refusal = admitted;
      } finally {
        release();
      }
      const error = notAsked(question.model, refusal);
      if (isAway()) throw error;
      if ('trial' in refusal) await endOf(refusal.trial, error, signal);
      else await this.pause(refusal.closedForMs, error, signal);
    }
  }

  private async asked(
    question: ModelQuestion,
    signal: AbortSignal,
    { ended }: Admission,
  ): Promise<ModelReply> {
    const began = this.ports.now();
    let [outcome, health]: [CallOutcome | undefined, Health] = [undefined, 'unknown'];
    try {
      const reply = await this.model.ask(question, signal);
      [outcome, health] = ['answered', 'well'];
      return reply;
    } catch (error) {
      if (error instanceof UnreadableReply) [outcome, health] = ['unreadable', 'well'];
      else if (error instanceof ModelUnavailable) [outcome, health] = [error.kind, healthOf(error)];
      throw error;
    } finally {
      ended(health);
      if (outcome !== undefined) this.ports.onCall?.(question.model, outcome, this.ports.now() - began);
    }
  }

  private async pause(waitMs: number, error: ModelUnavailable, signal: AbortSignal): Promise<void> {
    if (waitMs > this.settings.maxWaitMs) throw error;
    const { sleep: sleepFor = realSleep } = this.ports;
    await sleepFor(waitMs, signal).catch(() => {
      // The deadline came first: what is told is why there was something to wait for.
      throw error;
    });
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

/** A full quota or a wrong key is no illness of the model's. */
function healthOf({ kind }: ModelUnavailable): Health {
  return kind === 'failing' || kind === 'timed_out' ? 'ill' : 'unknown';
}

function notAsked(model: string, refusal: Refusal): ModelUnavailable {
  const retryAfterMs = 'closedForMs' in refusal ? refusal.closedForMs : undefined;
  return new ModelUnavailable(`${model} keeps failing and is not asked for now`, 'failing', { retryAfterMs });
}

/** Of a trial, however it ended; `error` when the signal aborts first. */
function endOf(trial: Promise<void>, error: ModelUnavailable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(error);
    if (signal.aborted) return gone();
    signal.addEventListener('abort', gone, { once: true });
    void trial.then(() => {
      signal.removeEventListener('abort', gone);
      resolve();
    });
  });
}

const realSleep = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal });

function outOfTime(cause: unknown): ModelUnavailable {
  return new ModelUnavailable('no call to the model became free in time', 'timed_out', { cause });
}
