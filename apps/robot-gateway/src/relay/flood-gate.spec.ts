import { FloodGate } from './flood-gate';

describe('FloodGate', () => {
  /** `perSecond` frames, evenly, for so many milliseconds; how many passed, and after how long it was to be closed. */
  function flood(gate: FloodGate, perSecond: number, forMs: number) {
    let passed = 0;
    for (let sent = 0; sent < (perSecond * forMs) / 1_000; sent += 1) {
      const now = (sent * 1_000) / perSecond;
      const passage = gate.take(now);
      if (passage === 'pass') passed += 1;
      if (passage === 'close') return { passed, closedAt: now };
    }
    return { passed, closedAt: undefined };
  }

  it('passes the rate and a burst of as much, and drops the rest', () => {
    const { passed, closedAt } = flood(new FloodGate(200, 5_000), 1_000, 3_000);
    expect(Math.abs(passed - 800)).toBeLessThanOrEqual(1);
    expect(closedAt).toBeUndefined();
  });

  it('closes a flood within a second of its beginning, although some of its frames pass all the while', () => {
    const { passed, closedAt } = flood(new FloodGate(200, 5_000), 20_000, 5_000);
    expect(closedAt).toBeLessThan(300);
    expect(passed).toBeGreaterThan(200);
  });

  it('does not add up what was dropped in one second and in another', () => {
    expect(flood(new FloodGate(200, 1_000), 1_000, 60_000).closedAt).toBeUndefined();
  });
});
