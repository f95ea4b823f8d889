import { randomUUID } from 'node:crypto';
import { Database } from '@teleop/persistence';
import { testDatabase } from '@teleop/testing';
import fc from 'fast-check';
import { LeaseStore } from '../lease/lease-store';
import { migrateRobots } from '../migrations/migrate-robots';
import { TurnStore, type TurnIdentity } from './turn-store';

describe('turns and the lease in PostgreSQL', () => {
  let database: Database;
  let store: TurnStore;
  let leases: LeaseStore;
  let dispose: () => Promise<void>;

  beforeAll(async () => {
    const own = await testDatabase();
    await migrateRobots(own.url);
    database = new Database({ databaseUrl: own.url, schema: 'robots', applicationName: 'test', poolSize: 8 });
    await database.connect();
    leases = new LeaseStore(database);
    store = new TurnStore(database, leases);
    dispose = async () => {
      await database.close();
      await own.dispose();
    };
  });
  afterAll(() => dispose());

  let robots = 0;
  const newRobotId = () => `t${(robots += 1)}`;
  const user = randomUUID();
  const identity = (robotId: string, turn: number): TurnIdentity & { expiresAt: string } => ({
    robotId,
    turn,
    tokenHash: String(turn).padStart(64, '0'),
    userId: user,
    expiresAt: new Date(Date.now() + 300_000).toISOString(),
  });
  const activate = (robotId: string, turn: number) =>
    database.transaction((tx) => store.activated(tx, identity(robotId, turn)));
  const end = (robotId: string, turn: number) =>
    database.transaction((tx) => store.ended(tx, identity(robotId, turn)));
  const lease = (robotId: string) =>
    database.one<{ epoch: string; holder_kind: string; turn: string | null }>(
      'SELECT epoch, holder_kind, turn FROM robots.lease WHERE robot_id = $1',
      [robotId],
    );

  it('reserves the lease for a turn, seats its driver, and frees it at the end, each under a new epoch', async () => {
    const robotId = newRobotId();
    await activate(robotId, 1);
    expect(await lease(robotId)).toEqual({ epoch: '1', holder_kind: 'session', turn: '1' });
    expect(await store.seat(identity(robotId, 1), 'a')).toEqual({ epoch: 2 });
    expect(await store.seat(identity(robotId, 1), 'b')).toEqual({ epoch: 3 });
    await end(robotId, 1);
    expect(await lease(robotId)).toEqual({ epoch: '4', holder_kind: 'none', turn: null });
    expect(await store.seat(identity(robotId, 1), 'c')).toEqual({ refused: 'over' });
  });

  it('changes nothing when a fact is heard again', async () => {
    const robotId = newRobotId();
    await activate(robotId, 2);
    await activate(robotId, 2);
    await activate(robotId, 1);
    await end(robotId, 1);
    expect(await lease(robotId)).toEqual({ epoch: '1', holder_kind: 'session', turn: '2' });
  });

  it('seats nobody while another kind of lease is held, and again when that has ended', async () => {
    const robotId = newRobotId();
    const lock = {
      robotId,
      kind: 'drive_lock',
      holder: 'op',
      userId: user,
      turn: null,
      tokenHash: null,
    } as const;
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    expect(await leases.take(database, { ...lock, expiresAt })).toBe(1);
    await activate(robotId, 1);
    expect(await store.seat(identity(robotId, 1), 'a')).toEqual({ refused: 'held' });
    expect(
      await leases.take(database, { ...lock, holder: 'other', kind: 'teach', expiresAt }),
    ).toBeUndefined();
    expect(
      await leases.release(database, { robotId, kind: 'drive_lock', holder: 'somebody else' }),
    ).toBeUndefined();
    expect(await leases.release(database, { robotId, kind: 'drive_lock', holder: 'op' })).toBe(2);
    expect(await store.seat(identity(robotId, 1), 'a')).toEqual({ epoch: 3 });
  });

  it('lets a lease be taken whose time is over, and preemption take any', async () => {
    const robotId = newRobotId();
    const lock = { robotId, holder: 'op', userId: user, turn: null, tokenHash: null } as const;
    const past = new Date(Date.now() - 1_000).toISOString();
    await leases.take(database, { ...lock, kind: 'drive_lock', expiresAt: past });
    expect(await store.seat(identity(robotId, 1), 'a')).toEqual({ epoch: expect.any(Number) as number });
    expect(await leases.take(database, { ...lock, kind: 'preemption', expiresAt: null })).toBeGreaterThan(2);
  });

  it('refuses in the database itself an epoch that goes back, or a new holder under the old one', async () => {
    const robotId = newRobotId();
    await activate(robotId, 1);
    await store.seat(identity(robotId, 1), 'a');
    const set = (change: string) =>
      database.query(`UPDATE robots.lease SET ${change} WHERE robot_id = $1`, [robotId]);
    await expect(set('epoch = 1')).rejects.toThrow('does not follow');
    await expect(set(`holder = 'thief'`)).rejects.toThrow('does not follow');
    await expect(set(`expires_at = expires_at + interval '1 s'`)).resolves.toEqual([]);
  });

  it('ends at the newest fact with epochs that never repeat, however facts and drivers come at once', async () => {
    const step = fc.record({
      do: fc.constantFrom('activate', 'end', 'seat', 'seat'),
      turn: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), async (steps) => {
        const robotId = newRobotId();
        const epochs: number[] = [];
        const endedBefore = new Set<number>();
        await Promise.all(
          steps.map(async ({ do: what, turn }) => {
            if (what === 'activate') return activate(robotId, turn);
            if (what === 'end') {
              await end(robotId, turn);
              endedBefore.add(turn);
              return undefined;
            }
            const wasOver = [...endedBefore].some((known) => known >= turn);
            const seating = await store.seat(identity(robotId, turn), randomUUID());
            if ('epoch' in seating) {
              epochs.push(seating.epoch);
              // A turn whose end had been committed before he asked is never seated.
              expect(wasOver).toBe(false);
            }
            return undefined;
          }),
        );
        expect(new Set(epochs).size).toBe(epochs.length);
        const newest = Math.max(...steps.map(({ turn }) => turn));
        const isOver = steps.some(({ do: what, turn }) => what === 'end' && turn === newest);
        const [known] = await store.read([robotId]);
        expect(known).toMatchObject({ turn: newest, ended: isOver });
        const held = await database.maybe<{ epoch: string; holder_kind: string; turn: string | null }>(
          'SELECT epoch, holder_kind, turn FROM robots.lease WHERE robot_id = $1',
          [robotId],
        );
        if (held === undefined) return;
        expect(Number(held.epoch)).toBeGreaterThanOrEqual(Math.max(0, ...epochs));
        expect(held.holder_kind).toBe(isOver ? 'none' : 'session');
        if (!isOver) expect(Number(held.turn)).toBe(newest);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
