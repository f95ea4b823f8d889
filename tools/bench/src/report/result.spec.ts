import { printed } from './print';
import { reached, type Finding } from './result';

const finding = (median: number, goal?: Finding['goal']): Finding => ({
  what: 'it',
  unit: 'x',
  value: { median, min: median, max: median },
  goal,
});

describe('a finding', () => {
  it('is judged by its median', () => {
    expect(reached(finding(0.6, { least: 0.6 }))).toBe(true);
    expect(reached(finding(0.59, { least: 0.6 }))).toBe(false);
    expect(reached(finding(2, { most: 2 }))).toBe(true);
    expect(reached(finding(2.1, { most: 2 }))).toBe(false);
  });

  it('is missed when nothing could be measured', () => {
    expect(reached(finding(NaN, { most: 2 }))).toBe(false);
    expect(reached(finding(NaN, { least: 0.6 }))).toBe(false);
  });

  it('is not judged without a goal', () => {
    expect(reached(finding(1))).toBeUndefined();
  });

  it('is printed with its goal, and a miss stands out', () => {
    const text = printed({ scenario: 's', method: 'm', findings: [finding(3, { most: 2 })], readings: [] });
    expect(text).toMatch(/✗ MISSED\s+it\s+3\.00 x\s+≤ 2 x/);
  });
});
