/** Orders are carried out one after the other, as they were given. `work` must not throw. */
export class OrderLine {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(private readonly atMost: number) {}

  /** False when too many wait already. */
  add(work: () => Promise<void>): boolean {
    if (this.#waiting >= this.atMost) return false;
    this.#waiting += 1;
    this.#last = this.#last.then(work).finally(() => (this.#waiting -= 1));
    return true;
  }
}
