import { TokenBucket, type BucketRule } from './token-bucket';

/** Token buckets of this replica alone, for so many clients that a shared one for each would be a question for each request. */
export class OwnBuckets {
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(
    readonly rule: BucketRule,
    private readonly maxClients: number,
  ) {}

  /** 0: let through. Otherwise milliseconds until it is worth trying again. */
  take(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.rule, now);
    // A Map keeps the order of insertion: put back last, the first one is the one seen longest ago.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.maxClients) {
      this.#buckets.delete(this.#buckets.keys().next().value as string);
    }
    return bucket.take(now);
  }
}
