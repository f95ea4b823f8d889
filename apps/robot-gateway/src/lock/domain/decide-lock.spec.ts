import { AUTOMATED, decideLock, type LockSituation } from './decide-lock';

const FREE = { kind: 'none', live: false, userId: null, holderName: null } as const;
const held = (
  kind: 'session' | 'drive_lock' | 'teach' | 'preemption',
  userId: string,
  holderName: string | null = null,
) => ({ kind, live: true, userId, holderName }) as const;
const OLGA = { userId: 'olga', role: 'Operator' } as const;
const ADA = { userId: 'ada', role: 'Admin' } as const;
const olgas = { userId: 'olga', name: 'Olga' };
const situation = (part: Partial<LockSituation> = {}): LockSituation => ({
  lease: FREE,
  lock: undefined,
  automated: false,
  ...part,
});

describe('who gets the manual-drive lock', () => {
  it.each([OLGA, ADA])('$role, when nobody has it', (who) => {
    expect(decideLock(situation(), who)).toEqual({ granted: 'take', revoked: false });
  });

  it('its holder again, under the same epoch', () => {
    const his = situation({ lock: olgas, lease: held('drive_lock', 'olga') });
    expect(decideLock(his, OLGA)).toEqual({ granted: 'renew', revoked: false });
  });

  it('not another Operator, but an Admin', () => {
    const his = situation({ lock: olgas, lease: held('drive_lock', 'olga') });
    expect(decideLock(his, { userId: 'otto', role: 'Operator' })).toEqual({ refused: 'Lock held by Olga' });
    expect(decideLock(his, ADA)).toEqual({ granted: 'take', revoked: true });
  });

  it('no Operator while a route is driven or a task runs, but an Admin', () => {
    expect(decideLock(situation({ automated: true }), OLGA)).toEqual({ refused: AUTOMATED });
    expect(decideLock(situation({ automated: true }), ADA)).toEqual({ granted: 'take', revoked: false });
  });

  it.each([OLGA, ADA])('not $role while a session runs, or somebody else teaches', (who) => {
    const session = situation({ lease: held('session', 'sid') });
    expect(decideLock(session, who)).toEqual({ refused: 'Lock held by another driver' });
    const teaching = situation({ lease: held('teach', 'tess', 'Tess') });
    expect(decideLock(teaching, who)).toEqual({ refused: 'Lock held by Tess' });
  });

  it('whoever gets it while an Admin’s hand is in between waits for the lease', () => {
    const between = situation({ lock: olgas, lease: held('preemption', 'ada') });
    expect(decideLock(between, OLGA)).toEqual({ granted: 'wait', revoked: false });
    expect(decideLock(between, { userId: 'adam', role: 'Admin' })).toEqual({
      granted: 'wait',
      revoked: true,
    });
  });

  it('its holder under a new epoch, when the lease was lost meanwhile', () => {
    expect(decideLock(situation({ lock: olgas }), OLGA)).toEqual({ granted: 'take', revoked: false });
  });
});
