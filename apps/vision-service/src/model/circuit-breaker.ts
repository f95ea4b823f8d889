export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds it stays open the first time; doubled with each trial that fails. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

/** Stops asking a model that keeps failing; after a while one question tries whether it is back. */
export class CircuitBreaker {
  #failures = 0;
  #openings = 0;
  #openUntil = 0;
  #trying = false;

  constructor(
    private readonly settings: BreakerSettings,
    private readonly now: () => number,
  ) {}

  get open(): boolean {
    return this.#openings > 0;
  }

  /** 0: ask (and report how it ended); otherwise milliseconds after which to ask again. */
  admit(): number {
    if (!this.open) return 0;
    const left = this.#openUntil - this.now();
    if (left > 0) return left;
    if (this.#trying) return this.settings.openMs;
    this.#trying = true;
    return 0;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#trying = false;
  }

  failed(): void {
    this.#failures += 1;
    const trialFailed = this.#trying;
    this.#trying = false;
    if (trialFailed || (!this.open && this.#failures >= this.settings.failures)) {
      const { openMs, maxOpenMs } = this.settings;
      this.#openUntil = this.now() + Math.min(maxOpenMs, openMs * 2 ** this.#openings);
      this.#openings += 1;
    }
  }

  /** The question ended in a way that says nothing of the model's health (it was given up, or refused us). */
  inconclusive(): void {
    this.#trying = false;
  }
}
