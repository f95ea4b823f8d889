import { RateLimiter, type RateLimiterOptions } from './rate-limiter';
import type { SharedBuckets } from './shared-bucket';
import { TokenBucket } from './token-bucket';

/** A shared bucket in memory, by the same clock; `down` makes it fail. */
class FakeShared implements SharedBuckets {
  readonly buckets = new Map<string, TokenBucket>();
  questions = 0;
  down = false;
  constructor(readonly now: () => number) {}

  async take(key: string, rule: { perSecond: number; burst: number }, want: number) {
    this.questions += 1;
    await Promise.resolve();
    if (this.down) throw new Error('down');
    const bucket = this.buckets.get(key) ?? new TokenBucket(rule, this.now());
    this.buckets.set(key, bucket);
    let taken = 0;
    let waitMs = 0;
    while (taken < want && (waitMs = bucket.take(this.now())) === 0) taken += 1;
    return { taken, waitMs: taken > 0 ? 0 : waitMs };
  }
}

function setup(options: Partial<RateLimiterOptions> = {}) {
  let time = 0;
  const now = () => time;
  const shared = new FakeShared(now);
  const fallbacks: Error[] = [];
  const make = () =>
    new RateLimiter(
      {
        rule: { perSecond: 10, burst: 100 },
        batch: 20,
        leaseMs: 1_000,
        retryMs: 500,
        maxClients: 100,
        ...options,
      },
      { now, shared, asked: (error) => error && fallbacks.push(error) },
    );
  const through = async (limiter: RateLimiter, count: number, key = 'a') => {
    let passed = 0;
    for (let i = 0; i < count; i += 1) if ((await limiter.take(key)) === 0) passed += 1;
    return passed;
  };
  return { shared, fallbacks, limiter: make(), other: make(), through, pass: (ms: number) => (time += ms) };
}

describe('the rate limiter', () => {
  it('lets a burst through and nothing more until tokens come back', async () => {
    const { limiter, through, pass } = setup();
    expect(await through(limiter, 150)).toBe(100);
    pass(1_000);
    expect(await through(limiter, 50)).toBe(10);
  });

  it('never lets two replicas together pass more than the bucket holds', async () => {
    const { limiter, other, through } = setup();
    let passed = 0;
    for (let i = 0; i < 100; i += 1) passed += (await through(limiter, 1)) + (await through(other, 1));
    expect(passed).toBe(100);
  });

  it('asks once for a whole batch, and decides the rest without waiting', async () => {
    const { limiter, shared } = setup();
    await limiter.take('a');
    expect(shared.questions).toBe(1);
    for (let i = 0; i < 10; i += 1) expect(limiter.take('a')).toBe(0);
    expect(shared.questions).toBe(1);
  });

  it('fetches the next batch before the present one is used up', async () => {
    const { limiter, shared, through } = setup();
    await through(limiter, 16);
    expect(shared.questions).toBe(2);
    expect(limiter.take('a')).toBe(0);
  });

  it('serves many requests that arrive before the first answer with few questions', async () => {
    const { limiter, shared } = setup();
    const waits = await Promise.all(Array.from({ length: 60 }, async () => limiter.take('a')));
    expect(waits.every((wait) => wait === 0)).toBe(true);
    expect(shared.questions).toBeLessThanOrEqual(3);
  });

  it('says when a token is there, and asks nobody until then', async () => {
    const { limiter, shared, through, pass } = setup();
    await through(limiter, 101);
    const asked = shared.questions;
    expect(limiter.take('a')).toBe(100);
    pass(60);
    expect(limiter.take('a')).toBe(40);
    expect(shared.questions).toBe(asked);
  });

  it('counts clients apart', async () => {
    const { limiter, through } = setup();
    expect(await through(limiter, 200, 'a')).toBe(100);
    expect(await through(limiter, 200, 'b')).toBe(100);
  });

  it('gives up tokens it holds for a client that paused', async () => {
    const { limiter, shared, pass } = setup();
    await limiter.take('a');
    pass(1_001);
    await limiter.take('a');
    expect(shared.questions).toBe(2);
  });

  it('limits on its own while Redis is away, and does not ask again at every request', async () => {
    const { limiter, shared, fallbacks, through, pass } = setup();
    shared.down = true;
    expect(await through(limiter, 150)).toBe(100);
    expect(shared.questions).toBe(1);
    expect(fallbacks).toHaveLength(1);
    shared.down = false;
    pass(501);
    await through(limiter, 1);
    expect(shared.questions).toBe(2);
  });

  it('forgets the client seen longest ago when it knows too many', async () => {
    const { limiter, shared } = setup({ maxClients: 2 });
    for (const key of ['a', 'b', 'a', 'c', 'a']) await limiter.take(key);
    expect(shared.questions).toBe(3);
    await limiter.take('b');
    expect(shared.questions).toBe(4);
  });

  it('is exact with a batch of one', async () => {
    const { limiter, shared, through } = setup({ batch: 1, rule: { perSecond: 1, burst: 3 } });
    expect(await through(limiter, 10)).toBe(3);
    expect(shared.questions).toBe(4);
  });
});
