const KEPT_BYTES = 8;
const MAX_KEPT = 100_000;

/**
 * What is signed puts seq and timestamp side by side without a mark between: message 1 of time 1700000000000 and message 11 of
 * time 700000000000 carry the same HMAC, so an old message could be sent again under a later number. Both numbers begin alike:
 * it is enough to look at earlier messages whose number is a beginning of this one's.
 */
export class AcceptedMacs {
  #kept = Buffer.alloc(0);
  #count = 0;

  /** Message `seq` (1, 2, 3 … in this order) was accepted. Beyond 100,000 messages nothing more is kept. */
  remember(hmac: Buffer): void {
    if (this.#count === MAX_KEPT) return;
    const at = this.#count * KEPT_BYTES;
    if (at === this.#kept.length) {
      const larger = Buffer.alloc(Math.min(MAX_KEPT * KEPT_BYTES, Math.max(64, at * 2)));
      this.#kept.copy(larger);
      this.#kept = larger;
    }
    hmac.copy(this.#kept, at, 0, KEPT_BYTES);
    this.#count += 1;
  }

  /** True: the same signed text was accepted before, under a shorter number. */
  isRepeated(seq: number, hmac: Buffer): boolean {
    for (let earlier = Math.floor(seq / 10); earlier >= 1; earlier = Math.floor(earlier / 10)) {
      if (earlier > this.#count) continue;
      const at = (earlier - 1) * KEPT_BYTES;
      if (this.#kept.compare(hmac, 0, KEPT_BYTES, at, at + KEPT_BYTES) === 0) return true;
    }
    return false;
  }
}
