import { EventLimits } from './event-limits';

describe('the limit of events', () => {
  it('is each robot’s own', () => {
    const limits = new EventLimits(2);
    const taken = (robotId: string) => [1, 2, 3].map(() => limits.take(robotId, false, 0));
    expect(taken('a')).toEqual([true, true, false]);
    expect(taken('b')).toEqual([true, true, false]);
    expect(limits.take('a', false, 500)).toBe(true);
    expect(limits.take('a', false, 500)).toBe(false);
  });

  it('leaves room for the results of steps', () => {
    const limits = new EventLimits(1);
    expect([false, false, true, true].map((isStep) => limits.take('a', isStep, 0))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
