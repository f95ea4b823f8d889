import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * How many bytes are taken in within one turn of the event loop, by all requests together: twenty bodies that arrive at once
 * would otherwise be read for as long as there is something to read, and everybody else would wait.
 */
export class BytesPerTurn {
  #left: number;
  #next: Promise<void> | undefined;

  constructor(private readonly bytes: number) {
    this.#left = bytes;
  }

  /** Undefined: go on. Else, when to. */
  take(bytes: number): Promise<void> | undefined {
    this.#left -= bytes;
    this.#next ??= this.begin();
    return this.#left > 0 ? undefined : this.#next;
  }

  private async begin(): Promise<void> {
    await nextTurn();
    this.#left = this.bytes;
    this.#next = undefined;
  }
}
