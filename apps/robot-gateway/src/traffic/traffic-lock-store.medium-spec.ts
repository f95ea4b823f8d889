import { randomUUID } from 'node:crypto';
import type { AskTrafficAcquire } from '@teleop/contracts';
import fc from 'fast-check';
import pg from 'pg';
import { NEVER_SHARED, ROBOTS, setupTraffic } from './traffic.spec-support';

type World = Awaited<ReturnType<typeof setupTraffic>>;

const NODES = ['n1', 'n2', 'n3', 'n4'];
const PATHS = ['p1', 'p2', 'p3'];

describe('traffic locks in PostgreSQL', () => {
  let world: World;
  beforeAll(async () => void (world = await setupTraffic(3)));
  afterAll(() => world.close());
  beforeEach(() => world.clear());

  const ask = (
    robotId: string,
    nodeIds: string[],
    pathIds: string[] = [],
    ttlSeconds = 60,
  ): AskTrafficAcquire => ({
    lockId: randomUUID(),
    robotId,
    scope: { nodeIds, pathIds },
    ttlSeconds,
  });
  const acquire = (asked: AskTrafficAcquire, replica = 0) =>
    world.change(replica, (store, tx) => store.acquire(tx, asked));
  const release = (lockId: string, replica = 0) =>
    world.change(replica, (store, tx) => store.end(tx, lockId));
  const live = async () => (await world.store.live()).map(({ robotId, scope }) => [robotId, scope.nodeIds]);

  it('keep all of their scope or nothing, and say who has what', async () => {
    await acquire(ask('r1', ['n1'], ['p1', 'p2']));
    expect(await acquire(ask('r2', ['n2', 'n3'], ['p2']))).toEqual({
      refused: 'conflict',
      conflicts: [{ robotId: 'r1', scope: { nodeIds: [], pathIds: ['p2'] } }],
    });
    expect(await world.store.blockedFor('r2')).toEqual({ nodeIds: ['n1'], pathIds: ['p1', 'p2'] });
    expect(await world.store.blockedFor('r1')).toEqual({ nodeIds: [], pathIds: [] });
    expect(await live()).toEqual([['r1', ['n1']]]);
  });

  it('tell a node from a path of the same name, and a robot may overlap itself', async () => {
    await acquire(ask('r1', ['x']));
    expect(await acquire(ask('r2', [], ['x']))).toMatchObject({ changed: true });
    expect(await acquire(ask('r1', ['x']))).toMatchObject({ changed: true });
  });

  it('are one lock when the same request comes again, and stay over once they are', async () => {
    const asked = ask('r1', ['n1', 'n1']);
    const first = await acquire(asked);
    expect(first).toMatchObject({ changed: true, lock: { scope: { nodeIds: ['n1'] } } });
    expect(await acquire(asked, 1)).toEqual({ ...first, changed: false });
    expect(await acquire({ ...asked, robotId: 'r2' })).toEqual({ refused: 'not_yours' });
    await release(asked.lockId, 2);
    expect(await acquire(asked)).toEqual({ refused: 'over' });
    expect(await release(asked.lockId)).toBeUndefined();
  });

  it('are refused for a robot that is not there', async () => {
    expect(await acquire(ask('nobody', ['n1']))).toEqual({ refused: 'robot_unknown' });
  });

  it('live for their time from each heartbeat, by the database’s clock, and no heartbeat wakes a dead one', async () => {
    const asked = ask('r1', ['n1'], [], 60);
    await acquire(asked);
    const renew = (ttl?: number) => world.change(1, (store, tx) => store.renew(tx, asked.lockId, ttl));
    const secondsLeft = async () => {
      const { left } = await world.database.one<{ left: number }>(
        `SELECT extract(epoch FROM expires_at - clock_timestamp())::float8 AS left FROM robots.traffic_lock`,
      );
      return left;
    };
    await renew(300);
    expect(await secondsLeft()).toBeGreaterThan(250);
    await renew();
    expect(await secondsLeft()).toBeGreaterThan(250);
    await world.lapse(asked.lockId);
    expect(await renew()).toBeUndefined();
    expect(await world.change(0, (store, tx) => store.changeScope(tx, asked.lockId, asked.scope))).toEqual({
      refused: 'over',
    });
    // Over for everybody at once, though nobody has written it off.
    expect(await world.store.blockedFor('r2')).toEqual({ nodeIds: [], pathIds: [] });
    expect(await acquire(ask('r2', ['n1']))).toMatchObject({ changed: true });
    const [expired] = await world.change(2, (store, tx) => store.expire(tx));
    expect(expired).toMatchObject({ lockId: asked.lockId, endReason: 'expired' });
    expect(await world.change(2, (store, tx) => store.expire(tx))).toEqual([]);
  });

  it('keep the scope they have when the new one is not to be had', async () => {
    const mine = ask('r1', ['n1', 'n2']);
    await acquire(mine);
    await acquire(ask('r2', ['n3']));
    const change = (nodeIds: string[]) =>
      world.change(0, (store, tx) => store.changeScope(tx, mine.lockId, { nodeIds, pathIds: [] }));
    expect(await change(['n2', 'n3'])).toMatchObject({ refused: 'conflict' });
    expect(await live()).toEqual([
      ['r1', ['n1', 'n2']],
      ['r2', ['n3']],
    ]);
    expect(await change(['n2', 'n4'])).toMatchObject({
      changed: true,
      freed: { nodeIds: ['n1'], pathIds: [] },
    });
    expect(await change(['n4', 'n2'])).toMatchObject({ changed: false });
    expect(await acquire(ask('r2', ['n1']))).toMatchObject({ changed: true });
  });

  it('cannot be written to overlap by anybody, however they go about it', async () => {
    const insert = (robotId: string, ends = 60) => ({
      text: `INSERT INTO robots.traffic_lock (lock_id, robot_id, purpose, node_ids, path_ids, ttl_seconds, expires_at)
        VALUES (gen_random_uuid(), $1, 'other', '{n1}', '{}', 60, clock_timestamp() + make_interval(secs => $2::integer))`,
      values: [robotId, ends],
    });
    const [one, two] = [new pg.Client(world.url), new pg.Client(world.url)] as const;
    await Promise.all([one.connect(), two.connect()]);
    try {
      await one.query('BEGIN');
      await one.query(insert('r1'));
      // Waits for the first one's commit, though it cannot see its row.
      const second = two.query(insert('r2')).catch((error: unknown) => error);
      await one.query('COMMIT');
      expect(await second).toMatchObject({ code: '23P01', constraint: 'traffic_lock_alone' });
      await two.query(insert('r2', -1));
      const wake = `UPDATE robots.traffic_lock SET expires_at = clock_timestamp() + interval '1 min' WHERE robot_id = 'r2'`;
      await expect(two.query(wake)).rejects.toMatchObject({ code: '23P01' });
      await two.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await expect(two.query(insert('r3'))).rejects.toThrow('READ COMMITTED only');
    } finally {
      await Promise.all([one.end(), two.end()]);
    }
  });

  const scope = fc.record({
    nodeIds: fc.subarray(NODES),
    pathIds: fc.subarray(PATHS),
  });
  const robot = fc.constantFrom(...ROBOTS.slice(0, 3));
  const which = fc.nat(4);

  it('do what the model does, step by step', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('acquire' as const), which, robot, scope }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('scope' as const), which, scope }) },
      fc.record({ kind: fc.constantFrom('renew' as const, 'release' as const, 'lapse' as const), which }),
      fc.record({ kind: fc.constant('expire' as const), which }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14, size: 'max' }), async (steps) => {
        await world.clear();
        const ids = Array.from({ length: 5 }, () => randomUUID());
        const model = new Model();
        for (const each of steps) {
          const lockId = ids[each.which]!;
          switch (each.kind) {
            case 'acquire': {
              const result = await acquire({
                lockId,
                robotId: each.robot,
                scope: each.scope,
                ttlSeconds: 60,
              });
              expect(outcomeOf(result)).toBe(model.acquire(lockId, each.robot, each.scope));
              break;
            }
            case 'scope': {
              const result = await world.change(1, (store, tx) => store.changeScope(tx, lockId, each.scope));
              expect(outcomeOf(result)).toBe(model.changeScope(lockId, each.scope));
              break;
            }
            case 'renew': {
              const renewed = await world.change(2, (store, tx) => store.renew(tx, lockId, undefined));
              expect(renewed !== undefined).toBe(model.live(lockId) !== undefined);
              break;
            }
            case 'release':
              expect((await release(lockId)) !== undefined).toBe(model.release(lockId));
              break;
            case 'lapse':
              await world.lapse(lockId);
              model.lapse(lockId);
              break;
            case 'expire':
              expect((await world.change(0, (store, tx) => store.expire(tx))).length).toBe(model.expire());
          }
          expect(await world.violations()).toEqual([]);
        }
        const held = (await world.store.live()).map((lock) => lock.lockId).sort();
        expect(held).toEqual(ids.filter((id) => model.live(id) !== undefined).sort());
      }),
      { numRuns: 60, interruptAfterTimeLimit: 25_000 },
    );
  });

  it('never overlap under three replicas that all want the same, at any time', async () => {
    let acquired = 0;
    let refused = 0;
    const drive = async (robotId: string, replica: number) => {
      for (let round = 0; round < 25; round += 1) {
        const pick = (ids: string[]) => ids.filter(() => Math.random() < 0.4);
        const asked = ask(robotId, pick(NODES), pick(PATHS));
        const result = await acquire(asked, replica);
        if ('refused' in result) {
          refused += 1;
          continue;
        }
        acquired += 1;
        if (round % 3 === 0) await world.change(replica, (store, tx) => store.renew(tx, asked.lockId, 30));
        // One way or the other it ends; now and then nobody says so.
        if (round % 5 === 0) await world.lapse(asked.lockId);
        else await release(asked.lockId, (replica + 1) % 3);
      }
    };
    const sweeping = { on: true };
    const sweep = async () => {
      while (sweeping.on) {
        await world.change(0, (store, tx) => store.expire(tx));
        expect(await world.violations()).toEqual([]);
      }
    };
    const drivers = ROBOTS.flatMap((robotId) => [0, 1, 2].map((replica) => drive(robotId, replica)));
    const driven = Promise.all(drivers).finally(() => (sweeping.on = false));
    await Promise.all([driven, sweep()]);
    expect(Math.min(acquired, refused)).toBeGreaterThan(20);
    expect(await world.violations({ 'nothing was shared at any time': NEVER_SHARED })).toEqual([]);
  });
});

function outcomeOf(result: { refused: string } | { changed: boolean }): string {
  if ('refused' in result) return result.refused;
  return result.changed ? 'changed' : 'same';
}

interface ModelLock {
  robotId: string;
  scope: { nodeIds: string[]; pathIds: string[] };
  state: 'live' | 'lapsed' | 'over';
}

class Model {
  readonly #locks = new Map<string, ModelLock>();

  live(lockId: string): ModelLock | undefined {
    const lock = this.#locks.get(lockId);
    return lock?.state === 'live' ? lock : undefined;
  }

  acquire(lockId: string, robotId: string, scope: ModelLock['scope']): string {
    const known = this.#locks.get(lockId);
    if (known !== undefined) {
      if (known.robotId !== robotId) return 'not_yours';
      return known.state === 'live' ? 'same' : 'over';
    }
    if (this.taken(robotId, scope)) return 'conflict';
    this.#locks.set(lockId, { robotId, scope, state: 'live' });
    return 'changed';
  }

  changeScope(lockId: string, scope: ModelLock['scope']): string {
    const lock = this.live(lockId);
    if (lock === undefined) return 'over';
    const same = (a: string[], b: string[]) => [...a].sort().join() === [...b].sort().join();
    if (same(lock.scope.nodeIds, scope.nodeIds) && same(lock.scope.pathIds, scope.pathIds)) return 'same';
    if (this.taken(lock.robotId, scope)) return 'conflict';
    lock.scope = scope;
    return 'changed';
  }

  release(lockId: string): boolean {
    const lock = this.#locks.get(lockId);
    if (lock === undefined || lock.state === 'over') return false;
    lock.state = 'over';
    return true;
  }

  lapse(lockId: string): void {
    const lock = this.live(lockId);
    if (lock !== undefined) lock.state = 'lapsed';
  }

  expire(): number {
    const lapsed = [...this.#locks.values()].filter(({ state }) => state === 'lapsed');
    for (const lock of lapsed) lock.state = 'over';
    return lapsed.length;
  }

  private taken(robotId: string, scope: ModelLock['scope']): boolean {
    return [...this.#locks.values()].some(
      (other) =>
        other.state === 'live' &&
        other.robotId !== robotId &&
        (other.scope.nodeIds.some((id) => scope.nodeIds.includes(id)) ||
          other.scope.pathIds.some((id) => scope.pathIds.includes(id))),
    );
  }
}
