export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds it stays open the first time; doubled with each trial that fails. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

/** `unknown`: it ended in a way that says nothing of the model's health (it was given up, or refused us). */
export type Health = 'well' | 'ill' | 'unknown';

/** Ask, and tell how it ended: once, whatever happens. */
export interface Admission {
  readonly ended: (health: Health) => void;
}

/** Do not ask: the breaker is open for so many milliseconds more, or a trial that will tell is under way. */
export type Refusal = { readonly closedForMs: number } | { readonly trial: Promise<void> };

/** Stops asking a model that keeps failing; after a while one question tries whether it is back, and the others wait for it. */
export class CircuitBreaker {
  #failures = 0;
  #openings = 0;
  #openUntil = 0;
  #trial: Promise<void> | undefined;
  #failedTrials = 0;

  constructor(
    private readonly settings: BreakerSettings,
    private readonly now: () => number,
  ) {}

  get open(): boolean {
    return this.#openings > 0;
  }

  /** So far. Who finds more of them than when he came knows that the model was asked meanwhile, and is not back. */
  get failedTrials(): number {
    return this.#failedTrials;
  }

  admit(): Admission | Refusal {
    if (!this.open) return { ended: (health) => this.called(health) };
    if (this.#trial !== undefined) return { trial: this.#trial };
    const left = this.#openUntil - this.now();
    return left > 0 ? { closedForMs: left } : this.begin();
  }

  private begin(): Admission {
    let over: () => void = () => undefined;
    this.#trial = new Promise((resolve) => (over = resolve));
    return {
      ended: (health) => {
        this.#trial = undefined;
        this.tried(health);
        over();
      },
    };
  }

  private called(health: Health): void {
    // What was asked before it opened no longer counts: there would be two trials at once if it did.
    if (this.open || health === 'unknown') return;
    this.#failures = health === 'well' ? 0 : this.#failures + 1;
    if (this.#failures >= this.settings.failures) this.openUp();
  }

  private tried(health: Health): void {
    if (health === 'well') {
      this.#failures = 0;
      this.#openings = 0;
    } else if (health === 'ill') {
      this.#failedTrials += 1;
      this.openUp();
    }
  }

  private openUp(): void {
    const { openMs, maxOpenMs } = this.settings;
    this.#openUntil = this.now() + Math.min(maxOpenMs, openMs * 2 ** this.#openings);
    this.#openings += 1;
  }
}
