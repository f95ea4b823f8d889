const MOST = 10_000;

/** Messages on their way: each comes out after its delay, in the order they went in. */
export class LagLine<T> {
  readonly #items: { readonly dueAt: number; readonly value: T }[] = [];
  #lastDue = -Infinity;

  get empty(): boolean {
    return this.#items.length === 0;
  }

  push(value: T, now: number, delayMs: number): void {
    this.#lastDue = Math.max(this.#lastDue, now + delayMs);
    this.#items.push({ dueAt: this.#lastDue, value });
    if (this.#items.length > MOST) this.#items.shift();
  }

  take(now: number): T[] {
    let due = 0;
    while (due < this.#items.length && this.#items[due]!.dueAt <= now) due += 1;
    return due === 0 ? [] : this.#items.splice(0, due).map(({ value }) => value);
  }

  /** What was on its way is lost. */
  clear(): void {
    this.#items.length = 0;
    this.#lastDue = -Infinity;
  }
}
