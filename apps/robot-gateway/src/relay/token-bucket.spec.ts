import fc from 'fast-check';
import { TokenBucket } from './token-bucket';

describe('the limit on frames', () => {
  it('lets a burst of one second through and then as many as the rate', () => {
    const bucket = new TokenBucket(10);
    const passed = (now: number, tries: number) =>
      Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length;
    expect(passed(0, 50)).toBe(10);
    expect(passed(100, 50)).toBe(1);
    expect(passed(5_000, 50)).toBe(10);
  });

  it('never lets through more than the burst and the rate over the time that passed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (gaps) => {
        const bucket = new TokenBucket(20);
        let now = 0;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          if (bucket.take(now)) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(20 + (now * 20) / 1_000 + 1e-6);
      }),
    );
  });
});
