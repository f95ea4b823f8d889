import { randomUUID } from 'node:crypto';
import { sha256Hex } from '@teleop/auth';
import { waitFor } from '@teleop/testing';
import { apiOf, apiUser, type Api } from '../testing/api.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { Fleet } from './fleet';

const ROBOTS = '/api/v1/robots';
const STATE = { driveMode: 'IDLE', batteryLevel: 80 };

describe('the fleet', () => {
  let gateway: Gateway;
  let api: Api;
  const [admin, operator, viewer] = ['Admin', 'Operator', 'Viewer'].map((role) => apiUser(role)) as [
    ReturnType<typeof apiUser>,
    ReturnType<typeof apiUser>,
    ReturnType<typeof apiUser>,
  ];
  let robots = 0;
  const create = async (body: object = {}) => {
    const robotId = `r${(robots += 1)}`;
    const answer = await api.post(ROBOTS, admin, { robotId, ...body });
    expect(answer.status).toBe(201);
    return { robotId, path: `${ROBOTS}/${robotId}`, key: answer.body.apiKey as string, body: answer.body };
  };
  const report = (robotId: string, key: string, replica = 0) =>
    api.asRobot('/table/event', { message: 'hello' }, { robotId, key }, replica);

  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 2 });
    api = apiOf(gateway);
  });
  afterAll(() => gateway.close());

  it('has the default robot without anybody having registered it', async () => {
    const { status, body } = await api.get(ROBOTS, viewer);
    expect(status).toBe(200);
    expect(body.items).toContainEqual({
      robotId: 'table1',
      name: 'table1',
      capabilities: {},
      limits: {},
      url: null,
      connected: false,
      lastState: null,
      lastStateAt: null,
      lock: null,
      activeRoute: null,
      queueLength: 0,
      createdAt: expect.stringMatching(/Z$/),
    });
  });

  it('takes a robot in, and shows its key once', async () => {
    const { body, key, path, robotId } = await create({
      name: 'Table 7',
      capabilities: { hasGrip: true },
      limits: { maxLinearVelocity: 1.5, hoistMm: { min: 0, max: 600 } },
      url: 'http://10.0.0.7:8000/',
      role: 'ignored',
    });
    expect(body).toMatchObject({
      robotId,
      name: 'Table 7',
      capabilities: { hasGrip: true },
      limits: { maxLinearVelocity: 1.5, hoistMm: { min: 0, max: 600 } },
      url: 'http://10.0.0.7:8000',
    });
    expect(key).toMatch(/^trk_[\w-]{43}$/);
    const { rows } = await gateway.pool.query('SELECT * FROM robots.robot WHERE robot_id = $1', [robotId]);
    expect(rows[0]).toMatchObject({ api_key_hash: sha256Hex(key) });
    expect(JSON.stringify(rows)).not.toContain(key);
    const { apiKey, ...shown } = body;
    expect((await api.get(path, viewer)).body).toEqual(shown);
    expect(apiKey).toBe(key);
  });

  it('opens to the new key on every replica, and to no other robot’s', async () => {
    const [one, other] = [await create(), await create()];
    expect(await report(one.robotId, one.key)).toMatchObject({ status: 200 });
    await waitFor(
      'the other replica to know',
      async () => (await report(one.robotId, one.key, 1)).status === 200,
    );
    expect(await report(one.robotId, other.key)).toMatchObject({ status: 401 });
    expect(await report(one.robotId, 'secret-robot-key')).toMatchObject({ status: 401 });
    expect(await report('nobody', one.key)).toMatchObject({ status: 401 });
  });

  it('refuses a second robot of one id, also when both come at once', async () => {
    const robotId = `r-${randomUUID()}`;
    const answers = await Promise.all([0, 1, 0, 1].map((at) => api.post(ROBOTS, admin, { robotId }, at)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('ROBOT_EXISTS');
  });

  it('changes what is given, keeps the rest, and takes out what is null', async () => {
    const { path, robotId } = await create({
      name: 'A',
      capabilities: { hasGrip: true, hasHoist: true },
      limits: { maxLinearVelocity: 1, gripMm: { min: 1, max: 2 } },
      url: 'http://10.0.0.7:8000',
    });
    const changed = await api.patch(path, admin, {
      capabilities: { hasHoist: null, hasRotate: true },
      limits: { maxLinearVelocity: null, gripMm: { min: 3, max: 3 } },
    });
    expect(changed).toMatchObject({ status: 200, body: { name: 'A', url: 'http://10.0.0.7:8000' } });
    expect(changed.body.capabilities).toEqual({ hasGrip: true, hasRotate: true });
    expect(changed.body.limits).toEqual({ gripMm: { min: 3, max: 3 } });
    expect((await api.patch(path, admin, {})).body).toEqual(changed.body);
    const cleared = await api.patch(path, admin, { name: null, capabilities: null, limits: null, url: null });
    expect(cleared.body).toMatchObject({ name: robotId, capabilities: {}, limits: {}, url: null });
    const fleet = gateway.replicas[1]!.app.get(Fleet);
    await waitFor('the other replica to know', () => fleet.find(robotId)?.name === robotId);
  });

  it('gives a new key, and the old one opens nothing any more', async () => {
    const { path, robotId, key } = await create();
    const rotated = await api.post(`${path}/key`, admin);
    expect(rotated.status).toBe(200);
    expect(rotated.body).toMatchObject({ robotId, apiKey: expect.stringMatching(/^trk_/) });
    expect(await report(robotId, key)).toMatchObject({ status: 401 });
    expect(await report(robotId, rotated.body.apiKey as string)).toMatchObject({ status: 200 });
    await waitFor('the other replica to refuse', async () => (await report(robotId, key, 1)).status === 401);
  });

  it('deletes a robot and all that is its own, everywhere', async () => {
    const { path, robotId, key } = await create();
    expect(await report(robotId, key)).toMatchObject({ status: 200 });
    const gone: string[] = [];
    const fleet = gateway.replicas[1]!.app.get(Fleet);
    fleet.onGone((id) => gone.push(id));
    await waitFor('the other replica to know', () => fleet.find(robotId) !== undefined);
    expect(await api.delete(path, admin)).toMatchObject({ status: 204, body: undefined });
    await waitFor('the other replica to be told', () => gone.includes(robotId));
    expect(await report(robotId, key)).toMatchObject({ status: 401 });
    expect(await api.get(path, viewer)).toMatchObject({ status: 404, body: { code: 'ROBOT_NOT_FOUND' } });
    const { rows } = await gateway.pool.query('SELECT 1 FROM robots.event WHERE robot_id = $1', [robotId]);
    expect(rows).toEqual([]);
    expect(await api.delete(path, admin)).toMatchObject({ status: 404 });
  });

  it('keeps the default robot, and its key, which is configuration', async () => {
    for (const answer of [
      await api.delete(`${ROBOTS}/table1`, admin),
      await api.post(`${ROBOTS}/table1/key`, admin),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: 'DEFAULT_ROBOT' } });
  });

  it('shows what holds a robot and what it does: lock, route, queue, telemetry', async () => {
    const { path, robotId } = await create();
    const lock = `INSERT INTO robots.drive_lock (robot_id, user_id, holder_name, role, expires_at)
      VALUES ($1, gen_random_uuid(), 'Alice', 'Operator', now() + $2::interval)
      ON CONFLICT (robot_id) DO UPDATE SET expires_at = excluded.expires_at`;
    await gateway.pool.query(lock, [robotId, '30 s']);
    await gateway.pool.query(
      `INSERT INTO robots.route (route_id, robot_id, start_node, destination, added_by_id, added_by, order_key,
         status, dispatch_id, dispatched_at)
       SELECT gen_random_uuid(), $1, 'Home', 'Kitchen', gen_random_uuid(), 'Ada', n,
         CASE n WHEN 1 THEN 'active' ELSE 'queued' END, gen_random_uuid(), now()
       FROM generate_series(1, 3) n`,
      [robotId],
    );
    await gateway.pool.query(
      'UPDATE robots.robot SET last_state = $2, last_state_at = now() WHERE robot_id = $1',
      [robotId, STATE],
    );
    const { body } = await api.get(path, viewer);
    expect(body).toMatchObject({
      lock: { holderName: 'Alice', expiresAt: expect.stringMatching(/Z$/) },
      activeRoute: { start: 'Home', destination: 'Kitchen', added_by: 'Ada' },
      queueLength: 2,
      lastState: STATE,
    });
    await gateway.pool.query(lock, [robotId, '-1 s']);
    expect((await api.get(path, viewer)).body.lock).toBeNull();
  });

  it('lets any role look, and Admins only change', async () => {
    const { path } = await create();
    const changes = [
      ['POST', ROBOTS, { robotId: 'x' }],
      ['PATCH', path, { name: 'x' }],
      ['DELETE', path, undefined],
      ['POST', `${path}/key`, undefined],
    ] as const;
    for (const user of [operator, viewer]) {
      expect(await api.get(ROBOTS, user)).toMatchObject({ status: 200 });
      expect(await api.get(path, user)).toMatchObject({ status: 200 });
      for (const [method, to, body] of changes)
        expect(await api.call(method, to, { body, headers: { ...user.headers } })).toMatchObject({
          status: 403,
          body: { code: 'FORBIDDEN' },
        });
    }
    for (const [method, to, body] of [
      ...changes,
      ['GET', ROBOTS, undefined],
      ['GET', path, undefined],
    ] as const)
      expect(await api.call(method, to, { body })).toMatchObject({ status: 401 });
  });

  it.each<[string, object]>([
    ['robotId', { robotId: 'a.b' }],
    ['robotId', { robotId: 'x'.repeat(65) }],
    ['robotId', { robotId: 'map' }],
    ['robotId', {}],
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(129) }],
    ['name', { name: 'a\0b' }],
    ['capabilities.hasGrip', { capabilities: { hasGrip: 'yes' } }],
    ['capabilities', { capabilities: [] }],
    ['limits.maxLinearVelocity', { limits: { maxLinearVelocity: -1 } }],
    ['limits.hoistMm.max', { limits: { hoistMm: { min: 2, max: 1 } } }],
    ['limits.rotateDeg.min', { limits: { rotateDeg: { max: 1 } } }],
    ['url', { url: 'ftp://10.0.0.7' }],
    ['url', { url: 'http://user:secret@10.0.0.7' }],
    ['url', { url: 'http://10.0.0.7/?a=b' }],
    ['url', { url: 'nonsense' }],
  ])('names the field that is wrong: %s in %j', async (path, body) => {
    const whole = 'robotId' in body || Object.keys(body).length === 0 ? body : { robotId: 'fresh', ...body };
    const created = await api.post(ROBOTS, admin, whole);
    expect(created).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(created.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    if (path === 'robotId') return;
    const patched = await api.patch(`${ROBOTS}/table1`, admin, body);
    expect(patched.status).toBe(400);
    expect(patched.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await api.get(`${ROBOTS}/fresh`, admin)).status).toBe(404);
  });

  it('answers 404 for a robot that is not there, 400 for an id that is none', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['POST', '/key'],
      ['GET', '/events'],
    ] as const) {
      const body = method === 'PATCH' ? {} : undefined;
      const call = (id: string) =>
        api.call(method, `${ROBOTS}/${id}${path}`, { body, headers: { ...admin.headers } });
      expect(await call('nobody')).toMatchObject({ status: 404, body: { code: 'ROBOT_NOT_FOUND' } });
      expect(await call('a.b')).toMatchObject({ status: 400, body: { errors: [{ path: 'robotId' }] } });
    }
  });
});
