import type { Clock } from './clock';

/** Time that passes only when it is told to: tests of hours take milliseconds and come out the same each time. */
export class ManualClock implements Clock {
  readonly #listeners = new Set<(now: number) => void>();
  #now = 0;

  constructor(
    private readonly tickMs = 20,
    private readonly startedAt = new Date('2026-01-16T10:00:00Z'),
  ) {}

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.startedAt.getTime() + this.#now);
  }

  onTick(run: (now: number) => void): () => void {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  }

  /** Lets `ms` pass, tick by tick. */
  advance(ms: number): void {
    const until = this.#now + ms;
    while (this.#now < until) {
      this.#now = Math.min(until, this.#now + this.tickMs);
      for (const run of this.#listeners) run(this.#now);
    }
  }
}
