const MOST = 10_000;

/** Messages on their way: each comes out after its delay, in the order they went in. */
export class LagLine<T> {
  readonly #items: { readonly dueAt: number; readonly value: T }[] = [];

  get empty(): boolean {
    return this.#items.length === 0;
  }

  push(value: T, now: number, delayMs: number): void {
    this.#items.push({ dueAt: now + delayMs, value });
    if (this.#items.length > MOST) this.#items.shift();
  }

  /** What is due; who is behind a slower one waits for it. */
  take(now: number): T[] {
    let due = 0;
    while (due < this.#items.length && this.#items[due]!.dueAt <= now) due += 1;
    return due === 0 ? [] : this.#items.splice(0, due).map(({ value }) => value);
  }

  /** What was on its way is lost. */
  clear(): void {
    this.#items.length = 0;
  }
}
