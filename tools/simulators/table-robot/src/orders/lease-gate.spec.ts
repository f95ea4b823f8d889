import fc from 'fast-check';
import { LeaseGate, type Verdict } from './lease-gate';

const lease = (epoch: number, seq: number) => ({ epoch, seq });

describe('who may command', () => {
  it('an older epoch is stale, a newer one is obeyed and remembered', () => {
    const gate = new LeaseGate();
    expect(gate.judge(lease(5, 10), false)).toBe('obeyed');
    expect(gate.judge(lease(4, 99), false)).toBe('stale_epoch');
    expect(gate.judge(lease(6, 1), false)).toBe('obeyed');
    expect(gate.judge(lease(5, 11), false)).toBe('stale_epoch');
    expect(gate.obeyed).toEqual(lease(6, 1));
  });

  it('nothing is obeyed twice; gaps and lateness are normal, but not for hand-driving', () => {
    const gate = new LeaseGate();
    expect(gate.judge(lease(1, 100), true)).toBe('obeyed');
    expect(gate.judge(lease(1, 100), true)).toBe('repeated');
    expect(gate.judge(lease(1, 50), true)).toBe('repeated');
    expect(gate.judge(lease(1, 50), false)).toBe('obeyed');
    expect(gate.judge(lease(1, 50), false)).toBe('repeated');
    expect(gate.obeyed).toEqual(lease(1, 100));
  });

  it('a lease frame raises the epoch; its seq 0 is no command', () => {
    const gate = new LeaseGate();
    expect(gate.announced(lease(7, 0), 'granted', 1)).toBe(true);
    expect(gate.judge(lease(6, 5), false)).toBe('stale_epoch');
    expect(gate.announced(lease(6, 0), 'ended', 2)).toBe(false);
    expect(gate.judge(lease(7, 0), false)).toBe('obeyed');
    expect(gate.changes).toEqual([{ at: 1, epoch: 7, state: 'granted' }]);
  });

  it('after its end nobody drives by hand until the next grant or epoch; stops and routes pass', () => {
    const gate = new LeaseGate();
    gate.announced(lease(3, 0), 'granted', 0);
    gate.announced(lease(3, 0), 'ended', 1);
    expect(gate.judge(lease(3, 4), true)).toBe('stale_epoch');
    expect(gate.judge(undefined, true)).toBe('stale_epoch');
    expect(gate.judge(lease(3, 5), false)).toBe('obeyed');
    expect(gate.judge(lease(4, 1), true)).toBe('obeyed');
  });

  it('whatever comes, obeyed epochs never fall and no pair is obeyed twice', () => {
    const frame = fc.record({
      lease: fc.record({ epoch: fc.nat(5), seq: fc.nat(8) }),
      kind: fc.constantFrom('hand', 'order', 'granted', 'ended'),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 60 }), (frames) => {
        const gate = new LeaseGate();
        const obeyed: string[] = [];
        let highest = 0;
        for (const { lease: given, kind } of frames) {
          if (kind === 'granted' || kind === 'ended') {
            gate.announced(given, kind, 0);
            continue;
          }
          const verdict: Verdict = gate.judge(given, kind === 'hand');
          if (verdict !== 'obeyed') continue;
          expect(given.epoch).toBeGreaterThanOrEqual(highest);
          highest = given.epoch;
          obeyed.push(`${given.epoch}/${given.seq}`);
        }
        expect(new Set(obeyed).size).toBe(obeyed.length);
      }),
    );
  });
});
