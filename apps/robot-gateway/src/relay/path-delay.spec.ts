import { PathDelay } from './path-delay';

describe('a path that is long in use', () => {
  it('forgets what was quick long ago: clocks drift', () => {
    const path = new PathDelay();
    // The sender's clock runs 100 ppm fast, for two hours.
    for (let now = 0; now < 7_200_000; now += 1_000) expect(path.late(now * 1.0001, now)).toBeLessThan(10);
    const slow = new PathDelay();
    for (let now = 0; now < 7_200_000; now += 1_000) expect(slow.late(now * 0.9999, now)).toBeLessThan(10);
  });
});

describe('how late a frame is', () => {
  it('is measured against the quickest so far, whatever the two clocks show', () => {
    const delay = new PathDelay();
    expect(delay.late(1_000_000, 5)).toBe(0);
    expect(delay.late(1_000_020, 27)).toBe(2);
    expect(delay.late(1_000_040, 545)).toBe(500);
    expect(delay.late(1_000_060, 64)).toBe(0);
  });
});
