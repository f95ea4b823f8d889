export interface BucketRule {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens a client may use at once after a rest. */
  readonly burst: number;
}

/** A token bucket of one process. Time is handed in, in milliseconds of a clock that never jumps. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(
    private readonly rule: BucketRule,
    now: number,
  ) {
    this.#tokens = rule.burst;
    this.#at = now;
  }

  /** 0: taken. Otherwise the milliseconds until a token is there. */
  take(now: number): number {
    const { perSecond, burst } = this.rule;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perSecond) / 1_000);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1_000) / perSecond);
    this.#tokens -= 1;
    return 0;
  }
}
