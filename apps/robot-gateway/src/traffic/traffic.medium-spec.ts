import { randomUUID } from 'node:crypto';
import {
  trafficAcquire,
  trafficHeartbeat,
  trafficRelease,
  trafficUpdateScope,
  type AskTrafficAcquire,
} from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { setupMapService } from '../map/map-service.spec-support';
import { apiOf, apiUser } from '../testing/api.spec-support';
import { Traffic } from './traffic';

describe('traffic locks over NATS', () => {
  let service: Awaited<ReturnType<typeof setupMapService>>;
  /** Wakes of `onFreed` by replica. */
  let woken: number[];
  beforeAll(async () => {
    service = await setupMapService({ replicas: 2 });
    for (const robotId of ['arm1', 'arm2']) await service.robot(robotId);
    woken = service.replicas.map(() => 0);
    for (const [index, { app }] of service.replicas.entries()) {
      app.get(Traffic).onFreed(() => void (woken[index]! += 1));
    }
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    await service.pool.query('DELETE FROM robots.traffic_lock');
    service.heard.length = 0;
  });

  const asked = (
    robotId: string,
    nodeIds: string[],
    more: Partial<AskTrafficAcquire> = {},
  ): AskTrafficAcquire => ({
    lockId: randomUUID(),
    robotId,
    scope: { nodeIds, pathIds: [] },
    ttlSeconds: 60,
    ...more,
  });
  /** What was told of a lock: of another test's something may still be on its way. */
  const told = (lockId: string) => service.heard.filter((event) => event.lockId === lockId);
  const changes = (lockId: string) => told(lockId).map(({ change }) => change);
  const blocked = async (robotId: string) =>
    [...(await service.replicas[1]!.app.get(Traffic).blockedFor(robotId)).nodeIds].sort();

  it('are acquired, kept, changed and released, each change told once', async () => {
    const ask = asked('arm1', ['b', 'a'], { purpose: 'teach', correlationId: 'c-1' });
    const lock = await service.ask.ask(trafficAcquire, ask);
    expect(lock).toMatchObject({ lockId: ask.lockId, scope: { nodeIds: ['a', 'b'], pathIds: [] } });
    expect(Date.parse(lock.expiresAt) - Date.now()).toBeGreaterThan(50_000);
    expect(await service.ask.ask(trafficAcquire, ask)).toEqual(lock);
    const renewed = await service.ask.ask(trafficHeartbeat, { lockId: ask.lockId, ttlSeconds: 300 });
    expect(Date.parse(renewed.expiresAt)).toBeGreaterThan(Date.parse(lock.expiresAt));
    expect(await blocked('arm2')).toEqual(['a', 'b']);
    const scope = { nodeIds: ['b', 'c'], pathIds: ['p'] };
    await service.ask.ask(trafficUpdateScope, { lockId: ask.lockId, scope });
    await service.ask.ask(trafficRelease, { lockId: ask.lockId });
    await service.ask.ask(trafficRelease, { lockId: ask.lockId });
    expect(await blocked('arm2')).toEqual([]);
    await waitFor('three events', () => told(ask.lockId).length >= 3);
    const common = { lockId: ask.lockId, robotId: 'arm1', purpose: 'teach', correlationId: 'c-1' };
    const none = { nodeIds: [], pathIds: [] };
    expect(told(ask.lockId)).toEqual([
      {
        ...common,
        change: 'acquired',
        scope: ask.scope.nodeIds.length === 2 ? lock.scope : none,
        freed: none,
      },
      { ...common, change: 'scope_changed', scope, freed: { nodeIds: ['a'], pathIds: [] } },
      { ...common, change: 'released', scope: none, freed: scope },
    ]);
  });

  it('are refused by code, in words that name what is held by whom', async () => {
    const mine = asked('arm1', ['a', 'b']);
    await service.ask.ask(trafficAcquire, mine);
    await expect(service.ask.ask(trafficAcquire, asked('arm2', ['b', 'c']))).rejects.toMatchObject({
      code: 'traffic_lock_conflict',
      detail: 'robot arm1 has locked node "b"',
    });
    await expect(service.ask.ask(trafficAcquire, asked('nobody', []))).rejects.toMatchObject({
      code: 'robot_unknown',
    });
    const other = asked('arm2', ['c']);
    await service.ask.ask(trafficAcquire, other);
    const scope = { nodeIds: ['a', 'c'], pathIds: [] };
    await expect(service.ask.ask(trafficUpdateScope, { lockId: other.lockId, scope })).rejects.toMatchObject({
      code: 'traffic_lock_conflict',
    });
    expect(await blocked('arm1')).toEqual(['c']);
    await expect(service.ask.ask(trafficHeartbeat, { lockId: randomUUID() })).rejects.toMatchObject({
      code: 'traffic_lock_unknown',
    });
    await service.ask.ask(trafficRelease, { lockId: mine.lockId });
    await expect(service.ask.ask(trafficAcquire, mine)).rejects.toMatchObject({
      code: 'traffic_lock_unknown',
    });
  });

  it('end when nobody renews them, and whoever waits is woken on every replica', async () => {
    const ask = asked('arm1', ['a']);
    await service.ask.ask(trafficAcquire, ask);
    await expect(service.ask.ask(trafficAcquire, asked('arm2', ['a']))).rejects.toMatchObject({
      code: 'traffic_lock_conflict',
    });
    const before = [...woken];
    await service.ask.ask(trafficHeartbeat, { lockId: ask.lockId, ttlSeconds: 1 });
    await waitFor('it to expire', () => changes(ask.lockId).includes('expired'));
    await waitFor('all to be woken', () => woken.every((count, index) => count > before[index]!));
    expect(changes(ask.lockId)).toEqual(['acquired', 'expired']);
    await service.ask.ask(trafficAcquire, asked('arm2', ['a']));
  });

  it('wake whoever waits also when no hint comes through', async () => {
    await service.ask.ask(trafficAcquire, asked('arm1', ['a']));
    const before = [...woken];
    // As a replica would that died after its commit.
    await service.pool.query(
      `UPDATE robots.traffic_lock SET ended_at = clock_timestamp(), end_reason = 'released', freed_at = clock_timestamp()`,
    );
    await waitFor('all to look', () => woken.every((count, index) => count > before[index]!));
  });

  it('go to one of many that want the same at the same moment', async () => {
    const asks = Array.from({ length: 12 }, (_, n) =>
      asked(n % 2 === 0 ? 'arm1' : 'arm2', ['x', `own-${n}`]),
    );
    const results = await Promise.allSettled(asks.map((ask) => service.ask.ask(trafficAcquire, ask)));
    const winners = new Set(
      results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.robotId] : [])),
    );
    expect(winners.size).toBe(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'traffic_lock_conflict' });
    }
  });

  it('are listed for everybody with a token', async () => {
    const api = apiOf(service);
    const [one, two] = [asked('arm1', ['a']), asked('arm2', ['b'], { purpose: 'task' })];
    for (const ask of [one, two]) await service.ask.ask(trafficAcquire, ask);
    const all = await api.get('/api/v1/traffic/locks', apiUser('Viewer'));
    expect(all).toMatchObject({
      status: 200,
      body: {
        items: [
          { lockId: one.lockId, robotId: 'arm1', purpose: 'other', scope: one.scope, correlationId: null },
          { lockId: two.lockId, robotId: 'arm2', purpose: 'task' },
        ],
      },
    });
    const some = await api.get('/api/v1/traffic/locks?robotId=arm2', apiUser('Viewer'), 1);
    expect(some.body).toMatchObject({ items: [{ lockId: two.lockId }] });
    expect(await api.get('/api/v1/traffic/locks')).toMatchObject({ status: 401 });
    expect(await api.get('/api/v1/traffic/locks?robotId=a.b', apiUser('Viewer'))).toMatchObject({
      status: 400,
    });
  });

  it('are refused as questions when they are not well formed', async () => {
    for (const ttlSeconds of [0, 301, 1.5]) {
      const answer = service.ask.ask(trafficAcquire, asked('arm1', ['a'], { ttlSeconds }));
      await expect(answer).rejects.toMatchObject({
        name: 'RequestFailed',
        message: expect.stringContaining('ttlSeconds'),
      });
    }
  });
});
