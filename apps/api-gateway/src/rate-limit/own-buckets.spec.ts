import { OwnBuckets } from './own-buckets';

describe('buckets of one replica', () => {
  it('give each client its own burst, and what comes back with time', () => {
    const buckets = new OwnBuckets({ perSecond: 10, burst: 2 }, 100);
    expect([buckets.take('a', 0), buckets.take('a', 0), buckets.take('a', 0)]).toEqual([0, 0, 100]);
    expect(buckets.take('b', 0)).toBe(0);
    expect(buckets.take('a', 100)).toBe(0);
  });

  it('forget the client seen longest ago when there are too many', () => {
    const buckets = new OwnBuckets({ perSecond: 1, burst: 1 }, 2);
    for (const key of ['a', 'b', 'a', 'c']) buckets.take(key, 0);
    expect(buckets.take('a', 0)).toBeGreaterThan(0);
    expect(buckets.take('b', 0)).toBe(0);
  });
});
