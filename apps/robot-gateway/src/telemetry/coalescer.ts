/** Share of an interval by which a flush may come late, so that those of many keys go out together. */
const GATHER = 0.1;

/**
 * At most one flush per key and interval: the first at once, the last always. One timer for all keys, and none while
 * nothing waits; keys that fall due one after the other share a round, and with it one write to the socket behind it.
 * Times in milliseconds.
 */
export class Coalescer {
  readonly #flushedAt = new Map<string, number>();
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly intervalMs: number,
    private readonly now: () => number,
    private readonly flush: (key: string) => void,
  ) {}

  /** `urgent` goes out now, however recent the last one. */
  mark(key: string, urgent = false): void {
    if (this.#closed) return;
    const now = this.now();
    if (urgent || now - (this.#flushedAt.get(key) ?? -Infinity) >= this.intervalMs) this.#out(key, now);
    else {
      this.#waiting.add(key);
      this.#timer ??= setTimeout(() => this.#round(), this.intervalMs);
    }
  }

  forget(key: string): void {
    this.#flushedAt.delete(key);
    this.#waiting.delete(key);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #out(key: string, now: number): void {
    this.#waiting.delete(key);
    this.#flushedAt.set(key, now);
    this.flush(key);
  }

  #round(): void {
    this.#timer = undefined;
    const now = this.now();
    let next = Infinity;
    for (const key of [...this.#waiting]) {
      const due = (this.#flushedAt.get(key) ?? -Infinity) + this.intervalMs;
      if (due <= now) this.#out(key, now);
      else next = Math.min(next, due);
    }
    if (this.#waiting.size > 0 && !this.#closed) {
      this.#timer = setTimeout(() => this.#round(), Math.max(this.intervalMs * GATHER, next - now));
    }
  }
}
