import fc from 'fast-check';
import { Deadman } from './deadman';

describe('the deadman', () => {
  it('is due after its limit without a frame', () => {
    const deadman = new Deadman(1_000);
    deadman.frame(0);
    expect(deadman.due(999)).toBe(false);
    expect(deadman.due(1_000)).toBe(true);
  });

  it('is not due before the first frame, nor again after a stop until the next frame', () => {
    const deadman = new Deadman(1_000);
    expect(deadman.due(1e9)).toBe(false);
    deadman.frame(0);
    deadman.stopped();
    expect(deadman.due(1e9)).toBe(false);
    deadman.frame(2_000);
    expect(deadman.due(3_000)).toBe(true);
  });

  it('stops at most once per silence, and always within one look of its limit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 50 }), (gaps) => {
        const deadman = new Deadman(1_000);
        let now = 0;
        for (const gap of gaps) {
          deadman.frame(now);
          let stops = 0;
          for (let at = now; at <= now + gap; at += 50) {
            if (!deadman.due(at)) continue;
            expect(at - now).toBeLessThan(1_050);
            deadman.stopped();
            stops += 1;
          }
          expect(stops).toBe(gap >= 1_000 ? 1 : 0);
          now += gap;
        }
      }),
    );
  });
});
