import { TokenBucket } from './token-bucket';

/** What becomes of a frame: passed on, dropped, or its socket closed because reading it costs the others. */
export type Passage = 'pass' | 'drop' | 'close';

/** Lets `rate` frames a second through; whoever sends more than `flood` beyond them within a second is to be closed. */
export class FloodGate {
  readonly #bucket: TokenBucket;
  #since = -Infinity;
  #dropped = 0;

  constructor(
    rate: number,
    private readonly flood: number,
  ) {
    this.#bucket = new TokenBucket(rate);
  }

  /** Monotonic milliseconds. */
  take(now: number): Passage {
    if (this.#bucket.take(now)) return 'pass';
    if (now - this.#since >= 1_000) {
      this.#since = now;
      this.#dropped = 0;
    }
    this.#dropped += 1;
    return this.#dropped > this.flood ? 'close' : 'drop';
  }
}
