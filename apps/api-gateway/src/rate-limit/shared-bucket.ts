import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { TAKE_TOKENS } from './take-tokens.lua';
import type { BucketRule } from './token-bucket';

export interface Taken {
  readonly taken: number;
  /** Milliseconds until a token is there; 0 unless none was. */
  readonly waitMs: number;
}

/** The buckets that all replicas share. Rejects when Redis does not answer in time. */
export interface SharedBuckets {
  take(key: string, rule: BucketRule, want: number): Promise<Taken>;
}

const SHA = createHash('sha1').update(TAKE_TOKENS).digest('hex');

export class RedisBuckets implements SharedBuckets {
  constructor(
    private readonly redis: Redis,
    private readonly timeoutMs: number,
  ) {}

  async take(key: string, rule: BucketRule, want: number): Promise<Taken> {
    const [taken, waitMs] = (await this.#inTime(this.#run(key, rule, want))) as [number, number];
    return { taken, waitMs };
  }

  async #run(key: string, { perSecond, burst }: BucketRule, want: number): Promise<unknown> {
    const name = `teleop:rate:${key}`;
    try {
      return await this.redis.evalsha(SHA, 1, name, perSecond, burst, want);
    } catch (error) {
      // Redis forgets scripts when it restarts.
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return this.redis.eval(TAKE_TOKENS, 1, name, perSecond, burst, want);
    }
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    });
    try {
      return await Promise.race([work, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}
