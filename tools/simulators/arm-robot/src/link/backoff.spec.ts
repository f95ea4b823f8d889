import { Backoff } from './backoff';

describe('the wait between attempts', () => {
  it('doubles up to its limit and begins anew after a success', () => {
    const backoff = new Backoff(100, 1_000, () => 1);
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  it('is cut by up to half at random, so that robots do not come back in step', () => {
    expect(new Backoff(100, 1_000, () => 0).next()).toBe(50);
  });
});
