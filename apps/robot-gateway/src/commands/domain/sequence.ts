/** 2026-01-01T00:00:00Z: keeps the numbers short. */
const SINCE = 1_767_225_600_000;

/**
 * Numbers of commands that only grow: milliseconds, or one more than the last. A robot that goes from one replica to
 * another keeps seeing them grow as long as the two clocks differ by less than it takes to reconnect.
 */
export class Sequence {
  #last = 0;

  constructor(private readonly wallClock: () => number) {}

  next(): number {
    this.#last = Math.max(this.#last + 1, Math.floor(this.wallClock()) - SINCE);
    return this.#last;
  }
}
