import { PathDelay } from './path-delay';

describe('how late a frame is', () => {
  it('is measured against the quickest so far, whatever the two clocks show', () => {
    const delay = new PathDelay();
    expect(delay.late(1_000_000, 5)).toBe(0);
    expect(delay.late(1_000_020, 27)).toBe(2);
    expect(delay.late(1_000_040, 545)).toBe(500);
    expect(delay.late(1_000_060, 64)).toBe(0);
  });
});
