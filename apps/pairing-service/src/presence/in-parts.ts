/** Goes round a changing set a part at a time, so that work on each of thousands does not come all at once. */
export class InParts<T> {
  #left: T[] = [];
  #share = 0;

  constructor(
    private readonly all: () => Iterable<T>,
    private readonly parts: number,
  ) {}

  /** The next part; after `parts` calls each that was there all the while has come up once. */
  next(): T[] {
    if (this.#left.length === 0) {
      this.#left = [...this.all()];
      this.#share = Math.ceil(this.#left.length / this.parts);
    }
    return this.#left.splice(-this.#share, this.#share);
  }
}
