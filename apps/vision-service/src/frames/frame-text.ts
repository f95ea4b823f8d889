/**
 * A long text of a request body that never became a JavaScript string: the bytes between its quotes, as they came. Its
 * contents are private so that nothing walks into them.
 */
export class FrameText {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** One byte a character. */
  read(): Buffer {
    return this.#bytes;
  }
}
