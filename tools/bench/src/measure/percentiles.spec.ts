import { median, Samples } from './percentiles';

describe('percentiles', () => {
  it('are nearest ranks of all samples, however many there are', () => {
    const samples = new Samples();
    for (let ms = 10_000; ms >= 1; ms -= 1) samples.add(ms);
    expect(samples.summary()).toEqual({ count: 10_000, p50: 5_000, p90: 9_000, p99: 9_900, max: 10_000 });
  });

  it('are not a number when nothing was measured, rather than a good result', () => {
    expect(new Samples().summary()).toEqual({ count: 0, p50: NaN, p90: NaN, p99: NaN, max: NaN });
    expect(median([])).toBeNaN();
  });

  it('begin anew after a clear', () => {
    const samples = new Samples();
    samples.add(100);
    samples.clear();
    samples.add(1);
    expect(samples.summary()).toMatchObject({ count: 1, max: 1 });
  });

  it('have the mean of the two in the middle as the median of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([3, 1, 2])).toBe(2);
  });
});
