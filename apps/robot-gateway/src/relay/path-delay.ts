/** Milliseconds for which "the quickest so far" is remembered: clocks drift by less than 10 ms in it. */
const WINDOW_MS = 30_000;

/**
 * How late a frame from another replica is, without comparing clocks: the sender stamps its monotonic milliseconds, and
 * the quickest frame so far sets what "on time" means. Clocks of two machines drift by less than a millisecond in ten
 * seconds, a backlog after a stall is hundreds.
 */
export class PathDelay {
  #quickest = Infinity;
  #quickestBefore = Infinity;
  #since = -Infinity;

  /** Milliseconds by which this frame was slower than the quickest of the last one or two windows. */
  late(sentAt: number, receivedAt: number): number {
    if (receivedAt - this.#since >= WINDOW_MS) {
      this.#quickestBefore = this.#quickest;
      this.#quickest = Infinity;
      this.#since = receivedAt;
    }
    const taken = receivedAt - sentAt;
    if (taken < this.#quickest) this.#quickest = taken;
    return taken - Math.min(this.#quickest, this.#quickestBefore);
  }
}
