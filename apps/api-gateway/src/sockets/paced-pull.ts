import type { Timing } from './timing';

/** The owner of the state says no (there is no such robot): asking again would not help. */
export class PullRefused extends Error {
  override readonly name = 'PullRefused';
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** A joiner waited in vain; `cause` is what the last pull failed with. */
export class PullTimedOut extends Error {
  override readonly name = 'PullTimedOut';
}

export interface PacedPullPorts<T> extends Timing {
  /** The state as it is now. Rejects with PullRefused or with any other error, which is tried again. */
  readonly pull: () => Promise<T>;
  /** Takes what was pulled, and shows it to whoever watches. */
  readonly took: (state: T) => void;
  /** Whether to pull though nobody waits for it: something newer than what was taken is known to be there. */
  readonly wanting: () => boolean;
  readonly failed: (error: unknown) => void;
}

export interface PacedPullOptions {
  /** Between two pulls. */
  readonly minIntervalMs: number;
  readonly maxBackoffMs: number;
}

interface Joiner {
  readonly deadline: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const FIRST_BACKOFF_MS = 100;

/**
 * Reads a state that another service owns: one read at a time, so that no answer overtakes a newer one; with pauses between,
 * which grow while reads fail or bring less than is known to be there; many joiners are served by one read.
 */
export class PacedPull<T> {
  #joiners: Joiner[] = [];
  #pulling = false;
  #stopTimer: (() => void) | undefined;
  #lastPull = -Infinity;
  #failures = 0;
  #closed = false;

  constructor(
    private readonly options: PacedPullOptions,
    private readonly ports: PacedPullPorts<T>,
  ) {}

  /** Resolves once a state was taken whose pull began after this call. Rejects with PullRefused or PullTimedOut. */
  fresh(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#joiners.push({ deadline: this.ports.now() + timeoutMs, resolve, reject });
      this.arrange();
    });
  }

  /** Pulls as soon as the pause allows, when that is wanted. */
  arrange(): void {
    if (this.#closed || this.#pulling || this.#stopTimer !== undefined) return;
    if (this.#joiners.length === 0 && !this.ports.wanting()) return;
    const wait = this.#lastPull + Math.max(this.options.minIntervalMs, this.#backoff()) - this.ports.now();
    if (wait <= 0) {
      void this.#pull();
      return;
    }
    this.#stopTimer = this.ports.later(wait, () => {
      this.#stopTimer = undefined;
      void this.#pull();
    });
  }

  /** Nothing is pulled or taken any more. Joiners, if any, are refused. */
  close(): void {
    this.#closed = true;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    for (const joiner of this.#joiners.splice(0)) joiner.reject(new PullTimedOut('nobody watches any more'));
  }

  #backoff(): number {
    if (this.#failures === 0) return 0;
    return Math.min(this.options.maxBackoffMs, FIRST_BACKOFF_MS * 2 ** Math.min(10, this.#failures - 1));
  }

  async #pull(): Promise<void> {
    this.#pulling = true;
    this.#lastPull = this.ports.now();
    const joiners = this.#joiners.splice(0);
    try {
      const state = await this.ports.pull();
      if (!this.#closed) this.#take(state);
      for (const joiner of joiners) joiner.resolve();
    } catch (error) {
      this.#failures += 1;
      this.ports.failed(error);
      this.#disappoint(joiners, error);
    }
    this.#pulling = false;
    this.arrange();
  }

  #take(state: T): void {
    const started = this.ports.now();
    this.ports.took(state);
    // Writing to thousands of sockets takes its time; the pause counts from its end, or nothing else would get a turn.
    this.#lastPull += this.ports.now() - started;
    this.#failures = this.ports.wanting() ? this.#failures + 1 : 0;
  }

  #disappoint(joiners: readonly Joiner[], error: unknown): void {
    const now = this.ports.now();
    for (const joiner of joiners) {
      if (error instanceof PullRefused) joiner.reject(error);
      else if (this.#closed || now >= joiner.deadline)
        joiner.reject(new PullTimedOut('the state could not be read in time', { cause: error }));
      else this.#joiners.push(joiner);
    }
  }
}
