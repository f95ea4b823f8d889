import { backOffMs } from './back-off';

const SETTINGS = { firstMs: 100, maxMs: 1_000 };
const between = (tries: number, retryAfterMs?: number) =>
  [0, 0.5, 1].map((random) => backOffMs(SETTINGS, tries, () => random, retryAfterMs));

describe('the wait before another try', () => {
  it('doubles up to its bound, spread over its upper half', () => {
    expect(between(1)).toEqual([50, 75, 100]);
    expect(between(3)).toEqual([200, 300, 400]);
    expect(between(9)).toEqual([500, 750, 1_000]);
  });

  it('is no shorter than the server says, and spread beyond that: it says the same to all', () => {
    expect(between(1, 2_000)).toEqual([2_000, 2_025, 2_050]);
    expect(between(9, 10)).toEqual([10, 260, 510]);
  });
});
