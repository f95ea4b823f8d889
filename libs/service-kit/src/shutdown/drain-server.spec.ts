import { drainTime } from './drain-server';

describe('the time that requests in flight get at shutdown', () => {
  it.each([
    [1_000, 600],
    [3_000, 1_800],
    [10_000, 6_000],
    [25_000, 21_000],
    // An evaluation of vision-service may take 55 s.
    [60_000, 56_000],
  ])('is of %i ms %i', (shutdownMs, drainMs) => {
    expect(drainTime(shutdownMs)).toBe(drainMs);
  });
});
