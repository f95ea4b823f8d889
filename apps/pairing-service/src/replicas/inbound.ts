import type { ReplicaReply } from './replica-message';

export interface Piece {
  readonly n: number;
  readonly part: number;
  readonly parts: number;
}

/** Puts together what one side of a session gets from another replica, and knows what it had already. */
export class Inbound {
  #done = 0;
  #pieces: Buffer[] = [];

  /** `complete` is called with the whole when its last part is here. */
  take({ n, part, parts }: Piece, body: Buffer, complete: (whole: Buffer) => void): ReplicaReply {
    // An answer was lost: it was handled, and is only answered again.
    if (n <= this.#done || (n === this.#done + 1 && part < this.#pieces.length)) return {};
    if (n !== this.#done + 1 || part !== this.#pieces.length) return { refused: 'OUT_OF_ORDER' };
    this.#pieces.push(body);
    if (part < parts - 1) return {};
    const whole = this.#pieces.length === 1 ? body : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#done = n;
    complete(whole);
    return {};
  }
}
