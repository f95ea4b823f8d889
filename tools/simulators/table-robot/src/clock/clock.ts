/** All the time a robot knows. One clock, and so one timer, serves any number of robots. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** The time of day, for timestamps that go over the wire. */
  date(): Date;
  /** Calls `run` at every tick until the returned function is called. */
  onTick(run: (now: number) => void): () => void;
}

const TICK_MS = 20;

/** Real time. The timer runs while somebody listens: 1,000 robots cost one timer, not 1,000. */
export class SharedClock implements Clock {
  readonly #listeners = new Set<(now: number) => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly tickMs: number = TICK_MS) {}

  now(): number {
    return performance.now();
  }

  date(): Date {
    return new Date();
  }

  onTick(run: (now: number) => void): () => void {
    this.#listeners.add(run);
    this.#timer ??= setInterval(() => this.tick(), this.tickMs);
    return () => {
      this.#listeners.delete(run);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  private tick(): void {
    const now = this.now();
    for (const run of this.#listeners) run(now);
  }
}

/** The clock of this process, unless a robot is given another. */
export const sharedClock: Clock = new SharedClock();
