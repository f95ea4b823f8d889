import { ServiceUnavailable } from '@teleop/messaging';
import { Recording, type RecordingPorts } from './recording';
import type { SessionRow } from './session-record';
import type { LockAnswer, TrafficLocks } from './traffic-locks';

const HEARTBEAT_MS = 3_000;
const TTL_MS = 10_000;

function setup(begun: boolean) {
  let now = 0;
  let answer: LockAnswer | Error = { outcome: 'ok' };
  const asked: [string, number][] = [];
  const locked: unknown[] = [];
  const reply = (what: string) => {
    asked.push([what, now]);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const locks = { heartbeat: () => reply('heartbeat'), changeScope: () => reply('scope') };
  const ports: RecordingPorts = {
    locks: locks as unknown as TrafficLocks,
    now: () => now,
    heartbeatMs: HEARTBEAT_MS,
    ttlMs: TTL_MS,
    scopeLocked: (_, scope) => Promise.resolve(void locked.push(scope)),
  };
  const scope = { nodeIds: ['a'], pathIds: [] };
  const row = {
    traffic_lock_id: 'lock',
    scope_json: scope,
    locked_scope_json: scope,
  } as unknown as SessionRow;
  const recording = new Recording(ports, begun);
  return {
    asked,
    locked,
    answer: (next: LockAnswer | Error) => (answer = next),
    tendAt: (at: number, change: Partial<SessionRow> = {}) => {
      now = at;
      return recording.tend({ ...row, ...change });
    },
  };
}

const away = new ServiceUnavailable('robot-gateway');

describe('a recording that is kept', () => {
  it('renews its lock every 3 s, by the clock', async () => {
    const { tendAt, asked } = setup(true);
    for (let at = 0; at <= 12_000; at += 250) expect(await tendAt(at)).toBeUndefined();
    expect(asked.map(([, at]) => at)).toEqual([3_000, 6_000, 9_000, 12_000]);
  });

  it('renews its lock at once when it was another replica’s', async () => {
    const { tendAt, asked } = setup(false);
    await tendAt(0);
    expect(asked).toEqual([['heartbeat', 0]]);
  });

  it.each([
    [true, 'traffic_lock_lost'],
    [false, 'service_lost'],
  ])('is over when its lock is: begun here %s, %s', async (begun, reason) => {
    const { tendAt, answer } = setup(begun);
    answer({ outcome: 'over' });
    expect(await tendAt(HEARTBEAT_MS)).toBe(reason);
  });

  it('is over when traffic was away for as long as the lock lives, and not before', async () => {
    const { tendAt, answer } = setup(true);
    await tendAt(3_000);
    answer(away);
    expect(await tendAt(6_000)).toBeUndefined();
    expect(await tendAt(12_999)).toBeUndefined();
    expect(await tendAt(13_000)).toBe('traffic_unreachable');
  });

  it('tries again at every look while traffic is away', async () => {
    const { tendAt, answer, asked } = setup(true);
    answer(away);
    await tendAt(3_000);
    await tendAt(3_250);
    answer({ outcome: 'ok' });
    await tendAt(3_500);
    await tendAt(3_750);
    expect(asked.map(([, at]) => at)).toEqual([3_000, 3_250, 3_500]);
  });

  it('has its lock grow once, and is over when it cannot', async () => {
    const wanted = { nodeIds: ['a', 'b'], pathIds: ['a-b'] };
    const { tendAt, answer, asked, locked } = setup(true);
    await tendAt(100, { scope_json: wanted });
    await tendAt(200, { scope_json: wanted, locked_scope_json: wanted });
    expect(asked).toEqual([['scope', 100]]);
    expect(locked).toEqual([wanted]);
    answer({ outcome: 'conflict', detail: 'robot b has it' });
    expect(await tendAt(300, { scope_json: { ...wanted, pathIds: ['b-c'] } })).toBe('traffic_lock_conflict');
  });
});
