/**
 * How late a frame from another replica is, without comparing clocks: the sender stamps its monotonic milliseconds, and
 * the quickest frame so far sets what "on time" means. Clocks of two machines drift by less than a millisecond in ten
 * seconds, a backlog after a stall is hundreds.
 */
export class PathDelay {
  #quickest = Infinity;

  /** Milliseconds by which this frame was slower than the quickest. */
  late(sentAt: number, receivedAt: number): number {
    const taken = receivedAt - sentAt;
    if (taken < this.#quickest) this.#quickest = taken;
    return taken - this.#quickest;
  }
}
