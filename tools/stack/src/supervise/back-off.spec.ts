import { BackOff } from './back-off';

describe('back-off', () => {
  it('doubles from a quarter of a second to ten', () => {
    const backOff = new BackOff();
    expect(Array.from({ length: 8 }, () => backOff.nextDelayMs(100))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
  });

  it('starts over after a run of half a minute', () => {
    const backOff = new BackOff();
    for (let crash = 0; crash < 5; crash++) backOff.nextDelayMs(0);
    expect(backOff.nextDelayMs(29_999)).toBe(8_000);
    expect(backOff.nextDelayMs(30_000)).toBe(250);
    expect(backOff.nextDelayMs(0)).toBe(500);
  });
});
