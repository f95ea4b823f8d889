/** Share of an interval by which every flush waits for those of other keys, so that they share a write to the socket behind. */
const GATHER = 0.1;

/**
 * At most one flush per key and interval: the first after a tenth of it, the last always. One timer for all keys, and none
 * while nothing waits; keys that fall due one after the other share a round. Times in milliseconds.
 */
export class Coalescer {
  readonly #flushedAt = new Map<string, number>();
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #timerDue = Infinity;
  #closed = false;

  constructor(
    private readonly intervalMs: number,
    private readonly now: () => number,
    private readonly flush: (key: string) => void,
  ) {}

  mark(key: string): void {
    if (this.#closed || this.#waiting.has(key)) return;
    this.#waiting.add(key);
    const now = this.now();
    this.#wake(Math.max(this.#dueAt(key), now + this.#gatherMs), now);
  }

  forget(key: string): void {
    this.#flushedAt.delete(key);
    this.#waiting.delete(key);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  get #gatherMs(): number {
    return this.intervalMs * GATHER;
  }

  #dueAt(key: string): number {
    return (this.#flushedAt.get(key) ?? -Infinity) + this.intervalMs;
  }

  #wake(due: number, now: number): void {
    if (this.#timer !== undefined && this.#timerDue <= due) return;
    clearTimeout(this.#timer);
    this.#timerDue = due;
    this.#timer = setTimeout(() => this.#round(), Math.max(0, due - now));
  }

  #round(): void {
    this.#timer = undefined;
    const now = this.now();
    let next = Infinity;
    for (const key of [...this.#waiting]) {
      const due = this.#dueAt(key);
      if (due > now) next = Math.min(next, due);
      else {
        this.#waiting.delete(key);
        this.#flushedAt.set(key, now);
        this.flush(key);
      }
    }
    if (next < Infinity && !this.#closed) this.#wake(Math.max(next, now + this.#gatherMs), now);
  }
}
