/** Lets `rate` frames a second through, and a burst of as many. Times in milliseconds. */
export class TokenBucket {
  #tokens: number;
  #at = -Infinity;

  constructor(private readonly rate: number) {
    this.#tokens = rate;
  }

  /** `cost`: how much of the rate this one is. */
  take(now: number, cost = 1): boolean {
    if (now > this.#at) {
      this.#tokens = Math.min(this.rate, this.#tokens + ((now - this.#at) * this.rate) / 1_000);
      this.#at = now;
    }
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
