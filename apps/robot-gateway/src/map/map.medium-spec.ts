import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mapChanged, trafficAcquire, type MapChanged, type MapDocument } from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { apiOf, apiUser } from '../testing/api.spec-support';
import { gridMap } from './domain/made-maps.spec-support';
import { setupMapService } from './map-service.spec-support';
import { MapStore } from './map-store';
import { RoutePlanner } from './route-planner';

const URL = '/api/v1/robots/map';
const admin = apiUser('Admin');
const viewer = apiUser('Viewer');

/** Home – Hall – Kitchen along the wall, and a slow way round through the Garden. */
const floor = (): MapDocument => ({
  name: 'Ground floor',
  nodes: [
    { id: 'Home', x: 0, y: 0 },
    { id: 'Hall', x: 2, y: 0 },
    { id: 'Kitchen', x: 4, y: 0 },
    { id: 'Garden', x: 2, y: 3, name: 'Behind the house' },
  ],
  paths: [
    { id: 'p1', from: 'Home', to: 'Hall' },
    { id: 'p2', from: 'Hall', to: 'Kitchen', speed: 2 },
    { id: 'p3', from: 'Home', to: 'Garden', length: 5 },
    { id: 'p4', from: 'Garden', to: 'Kitchen', length: 5, oneWay: true },
  ],
});

describe('the map', () => {
  let service: Awaited<ReturnType<typeof setupMapService>>;
  let api: ReturnType<typeof apiOf>;
  const heard: MapChanged[] = [];
  const put = (body: unknown, headers: Record<string, string> = {}, user = admin) =>
    api.call('PUT', URL, { body, headers: { ...user.headers, ...headers } });
  const versionOf = (replica: number) => service.replicas[replica]!.app.get(MapStore).current()?.mapVersionId;
  const versions = async () => (await service.pool.query('SELECT 1 FROM robots.map')).rowCount;

  beforeAll(async () => {
    // What is seen sooner was heard.
    service = await setupMapService({ replicas: 2, env: { MAP_REFRESH_MS: '120000' } });
    service.hear(mapChanged, heard);
    api = apiOf(service);
  });
  afterAll(() => service.close());

  it('is not there until it is set, and then on every replica, announced', async () => {
    expect(await api.get(URL, viewer)).toMatchObject({ status: 404, body: { code: 'MAP_NOT_SET' } });
    expect(await api.get(`${URL}/path?from=a&to=b`, viewer)).toMatchObject({ status: 404 });
    const set = await put(floor());
    expect(set).toMatchObject({ status: 200, body: { ...floor(), createdBy: admin.userId, warnings: [] } });
    const { mapVersionId } = set.body as { mapVersionId: string };
    await waitFor('the other replica to use it', () => versionOf(1) === mapVersionId);
    expect(await api.get(URL, viewer, 1)).toMatchObject({ status: 200, body: set.body as object });
    await waitFor('the event', () => heard.length > 0);
    expect(heard).toEqual([{ mapVersionId, name: 'Ground floor', nodes: 4, paths: 4 }]);
  });

  it('is the same version when the same map is set again, in whatever form', async () => {
    const before = await versions();
    const { mapVersionId } = (await api.get(URL, viewer)).body as { mapVersionId: string };
    const text = JSON.stringify(floor(), null, 2);
    for (const [body, type] of [
      [floor(), 'application/json'],
      [{ yaml: text }, 'application/json'],
      [text, 'application/yaml'],
    ] as const) {
      expect(await put(body, { 'content-type': type })).toMatchObject({
        status: 200,
        body: { mapVersionId },
      });
    }
    expect(await versions()).toBe(before);
  });

  it('is refused whole, with the place of every fault', async () => {
    const wrong = { ...floor(), paths: [{ id: 'p', from: 'Home', to: 'Attic' }] };
    expect(await put(wrong)).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        detail: 'paths.0.to: no node has the id "Attic"',
        errors: [{ path: 'paths.0.to', message: 'no node has the id "Attic"' }],
      },
    });
    const text = 'name: x\nnodes:\n  - {id: a, x: 0, y: 0}\n  - {id: a, x: 1, y: 0}\npaths: []\n';
    const message = '"a" is the id of nodes.0 already (line 4, column 10)';
    expect(await put(text, { 'content-type': 'text/yaml' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'nodes.1.id', message }] },
    });
    expect(await put({})).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(await api.get(URL, viewer)).toMatchObject({ body: floor() });
  });

  it('is for Admins to set and for everybody with a token to see', async () => {
    expect(await put(floor(), {}, apiUser('Operator'))).toMatchObject({ status: 403 });
    expect(await api.get(URL)).toMatchObject({ status: 401 });
  });

  it('is taken as YAML at its own address only', async () => {
    const headers = { ...admin.headers, 'content-type': 'application/yaml' };
    const answers = await Promise.all([
      api.call('PUT', URL, { body: 'x'.repeat(3 * 1024 * 1024), headers }),
      api.call('POST', `${URL}/path`, { body: 'a: b', headers }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([413, 415]);
  });

  describe('gives paths', () => {
    const path = (query: string) => api.get(`${URL}/path?${query}`, viewer);

    it('with length and time, at the speed of the robot', async () => {
      await service.robot('slow', { maxLinearVelocity: 0.5 });
      expect(await path('from=Home&to=Kitchen')).toMatchObject({
        status: 200,
        body: { nodeIds: ['Home', 'Hall', 'Kitchen'], pathIds: ['p1', 'p2'], lengthM: 4, etaSeconds: 3 },
      });
      expect(await path('from=Home&to=Kitchen&robotId=slow')).toMatchObject({ body: { etaSeconds: 8 } });
      expect(await path('from=Kitchen&to=Behind%20the%20house')).toMatchObject({ body: { lengthM: 9 } });
    });

    it('round what other robots have locked, and says when there is no way', async () => {
      await service.robot('teacher');
      const lock = { lockId: randomUUID(), robotId: 'teacher', ttlSeconds: 60 };
      await service.ask.ask(trafficAcquire, { ...lock, scope: { nodeIds: [], pathIds: ['p2'] } });
      expect(await path('from=Home&to=Kitchen&robotId=slow')).toMatchObject({
        body: { pathIds: ['p3', 'p4'] },
      });
      expect(await path('from=Home&to=Kitchen&robotId=teacher')).toMatchObject({
        body: { pathIds: ['p1', 'p2'] },
      });
      const more = { ...lock, lockId: randomUUID(), scope: { nodeIds: ['Garden'], pathIds: [] } };
      await service.ask.ask(trafficAcquire, more);
      expect(await path('from=Home&to=Kitchen&robotId=slow')).toMatchObject({
        status: 409,
        body: { code: 'PATH_BLOCKED' },
      });
    });

    it('and says what is not there', async () => {
      expect(await path('from=Home&to=Attic')).toMatchObject({
        status: 404,
        body: { code: 'NODE_NOT_FOUND' },
      });
      expect(await path('from=Home&to=Kitchen&robotId=none')).toMatchObject({
        status: 404,
        body: { code: 'ROBOT_NOT_FOUND' },
      });
      expect(await path('from=Home')).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'to' }, { path: 'to' }] },
      });
    });

    it('and all the times between places at once', async () => {
      const planner = service.replicas[0]!.app.get(RoutePlanner);
      const seconds = await planner.travelTimes(['Home', 'Kitchen', 'Attic', 'Home']);
      expect([seconds('Home', 'Kitchen'), seconds('Attic', 'Attic')]).toEqual([3, 0]);
      expect(seconds('Home', 'Attic')).toBe(planner.travelSeconds('Home', 'Attic'));
      expect(seconds('Garden', 'Kitchen')).toBe(planner.travelSeconds('Garden', 'Kitchen'));
    });
  });

  it('is found by a replica that heard nothing of it', async () => {
    await service.start({ MAP_REFRESH_MS: '50' });
    // Written past the service: no event.
    await service.pool.query(`UPDATE robots.map SET is_active = false`);
    const version = randomUUID();
    const quiet = `INSERT INTO robots.map (map_version_id, name, document, created_by, is_active) VALUES ($1, 'q', $2, 'x', true)`;
    await service.pool.query(quiet, [version, JSON.stringify(gridMap(3))]);
    await waitFor('it to look', () => versionOf(2) === version);
  });
});

describe('MAP_FILE', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'teleop-map-'));
  const file = path.join(dir, 'floor.yaml');
  let service: Awaited<ReturnType<typeof setupMapService>>;
  beforeAll(async () => void (service = await setupMapService({ replicas: 0 })));
  afterAll(async () => {
    await service.close();
    rmSync(dir, { recursive: true });
  });
  const rows = async () =>
    (await service.pool.query('SELECT name, created_by, is_active FROM robots.map ORDER BY created_at')).rows;

  it('is the map from the start, once, however many replicas begin with it', async () => {
    writeFileSync(file, JSON.stringify(floor()));
    await Promise.all([service.start({ MAP_FILE: file }), service.start({ MAP_FILE: file })]);
    expect(await rows()).toEqual([{ name: 'Ground floor', created_by: 'file', is_active: true }]);
    for (const { app } of service.replicas) expect(app.get(RoutePlanner).knows('Kitchen')).toBe(true);
    writeFileSync(file, 'name: New\nnodes:\n  - {id: a, x: 0, y: 0}\npaths: []\n');
    await service.start({ MAP_FILE: file });
    expect(await rows()).toMatchObject([{ is_active: false }, { name: 'New', is_active: true }]);
  });

  it('stops the start when it is no map, and says where', async () => {
    writeFileSync(file, 'name: New\nnodes:\n  - {id: a, x: 0, y: 0}\n  - {id: a, x: 1, y: 0}\npaths: []\n');
    await expect(service.start({ MAP_FILE: file })).rejects.toThrow(
      /floor\.yaml is not a map:\n {2}nodes\.1\.id: "a" is the id of nodes\.0 already \(line 4, column 10\)/,
    );
    await expect(service.start({ MAP_FILE: path.join(dir, 'none') })).rejects.toThrow(
      /cannot be read: ENOENT/,
    );
  });
});
