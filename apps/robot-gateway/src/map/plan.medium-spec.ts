import { randomUUID } from 'node:crypto';
import { planPath, trafficAcquire, type MapDocument } from '@teleop/contracts';
import { apiOf, apiUser } from '../testing/api.spec-support';
import { setupMapService } from './map-service.spec-support';

/** A – B – C straight on, A – D – C the long way round; X lies apart. */
const MAP: MapDocument = {
  name: 'square',
  nodes: [
    { id: 'A', x: 0, y: 0 },
    { id: 'B', x: 3, y: 0 },
    { id: 'C', x: 6, y: 0, name: 'Corner' },
    { id: 'D', x: 3, y: 4 },
    { id: 'X', x: 9, y: 9 },
  ],
  paths: [
    { id: 'ab', from: 'A', to: 'B' },
    { id: 'bc', from: 'B', to: 'C' },
    { id: 'ad', from: 'A', to: 'D' },
    { id: 'dc', from: 'D', to: 'C' },
  ],
};

describe('robots.plan', () => {
  let service: Awaited<ReturnType<typeof setupMapService>>;
  beforeAll(async () => {
    service = await setupMapService();
    await service.robot('arm1');
    await service.robot('slow', { maxLinearVelocity: 0.5 });
  });
  afterAll(() => service.close());

  const plan = (ask: object) => service.ask.ask(planPath, { from: 'A', to: 'C', ...ask });
  const lock = (robotId: string, nodeIds: string[], pathIds: string[] = []) =>
    service.ask.ask(trafficAcquire, {
      lockId: randomUUID(),
      robotId,
      scope: { nodeIds, pathIds },
      ttlSeconds: 60,
    });
  const straight = { nodeIds: ['A', 'B', 'C'], pathIds: ['ab', 'bc'], lengthM: 6, etaSeconds: 6 };
  const round = { nodeIds: ['A', 'D', 'C'], pathIds: ['ad', 'dc'], lengthM: 10, etaSeconds: 10 };

  it('knows no node before there is a map', async () => {
    await expect(plan({})).rejects.toMatchObject({ code: 'node_unknown', detail: 'no map was set yet' });
    const set = await apiOf(service).call('PUT', '/api/v1/robots/map', {
      body: MAP,
      headers: { ...apiUser('Admin').headers },
    });
    expect(set.status).toBe(200);
  });

  it('finds the quickest path, at the robot’s speed', async () => {
    expect(await plan({})).toEqual({ ...straight, blockedBy: [] });
    expect(await plan({ robotId: 'slow' })).toEqual({ ...straight, etaSeconds: 12, blockedBy: [] });
    expect(await plan({ to: 'Corner' })).toEqual({ ...straight, blockedBy: [] });
    expect(await plan({ to: 'A' })).toMatchObject({ nodeIds: ['A'], pathIds: [], etaSeconds: 0 });
  });

  it('says by code what is not there', async () => {
    await expect(plan({ to: 'Z' })).rejects.toMatchObject({
      code: 'node_unknown',
      detail: 'the map has no node "Z"',
    });
    await expect(plan({ to: 'X' })).rejects.toMatchObject({ code: 'no_path' });
    await expect(plan({ robotId: 'nobody' })).rejects.toMatchObject({ code: 'robot_unknown' });
    await expect(plan({ from: '' })).rejects.toMatchObject({ name: 'RequestFailed' });
  });

  it('goes round what others have locked, and says who is in the way when it cannot or need not', async () => {
    await lock('arm1', ['A', 'B', 'elsewhere'], ['bc']);
    expect(await plan({})).toEqual({ ...round, blockedBy: [] });
    expect(await plan({ robotId: 'arm1' })).toEqual({ ...straight, blockedBy: [] });
    const blockedBy = [{ robotId: 'arm1', scope: { nodeIds: ['B'], pathIds: ['bc'] } }];
    expect(await plan({ ignoreTraffic: true })).toEqual({ ...straight, blockedBy });
    await lock('slow', ['D']);
    expect(await plan({})).toEqual({ ...straight, blockedBy });
    expect(await plan({ robotId: 'slow' })).toEqual({ ...round, etaSeconds: 20, blockedBy: [] });
  });
});
