import { createHmac } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { apiUser, type ApiUser } from '../testing/api.spec-support';
import { openRefused } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import {
  commandsOf,
  DRIVE,
  framesOf,
  gotCommands,
  handled,
  KEY,
  NAVIGATE,
  STATE,
  tableOf,
  type Table,
} from '../testing/table.spec-support';

/* The original's protocol, to the letter, as its robots and front ends speak it. */

const SUCCESS = { status: 'success' };
const error = (message: string) => ({ status: 'error', message });

let gateway: Gateway;
let table: Table;
const admin = apiUser('Admin', 'Ada');
const operator = apiUser('Operator', 'Olga');
const other = apiUser('Operator', 'Otto');
const viewer = apiUser('Viewer', 'Vera');

function signed(claims: object): ApiUser {
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', 'dev-jwt-secret').update(`${head}.${body}`).digest('base64url');
  return { userId: '', name: '', headers: { authorization: `Bearer ${head}.${body}.${signature}` } };
}

let robots = 0;

beforeAll(async () => {
  gateway = await setupGateway();
});
afterAll(() => gateway.close());
// A robot of its own for each test; what only the default one has is tested on it below.
beforeEach(async () => {
  const robotId = `table-${(robots += 1)}`;
  const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
  table = tableOf(gateway, { robotId, key: body.apiKey });
});

describe('status and telemetry', () => {
  it('says UNKNOWN before any telemetry', async () => {
    expect(await table.status()).toEqual({
      systemHealth: 'UNKNOWN',
      batteryLevel: 0,
      driveMode: 'UNKNOWN',
      cargoStatus: 'UNKNOWN',
      lastRoute: null,
      position: 'UNKNOWN',
      manualLockHolderName: null,
      robotConnected: false,
    });
  });

  it('takes telemetry and shows it at once', async () => {
    const { status, body } = await table.report();
    expect([status, body]).toEqual([200, SUCCESS]);
    expect(await table.status()).toEqual({
      systemHealth: 'OK',
      batteryLevel: 85,
      driveMode: 'IDLE',
      cargoStatus: 'EMPTY',
      lastRoute: { start_node: 'Home', end_node: 'Kitchen' },
      position: 'Home',
      manualLockHolderName: null,
      robotConnected: true,
    });
  });

  it.each([{ lastNode: null }, { targetNode: null }, { lastNode: undefined }])(
    'has no last route with %j',
    async (part) => {
      await table.report(part);
      expect((await table.status()).lastRoute).toBeNull();
    },
  );

  it('keeps telemetry fields it does not know and passes them on, never in place of its own', async () => {
    await table.report({ wheelTemperature: 41.5, robotConnected: 'no', pose: { x: 1, y: 2 } });
    expect(await table.status()).toMatchObject({
      wheelTemperature: 41.5,
      pose: { x: 1, y: 2 },
      robotConnected: true,
      position: 'Home',
    });
  });

  it.each([undefined, '', 'wrong'])('refuses telemetry and events with the key %j', async (key) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': key };
    for (const path of ['/table/state', '/table/event']) {
      const { status, body } = await table.api.call('POST', path, {
        body: STATE,
        headers: { ...headers, 'x-robot-id': table.robotId },
      });
      expect([status, body]).toEqual([401, error('Invalid API Key')]);
    }
    expect((await table.status()).robotConnected).toBe(false);
  });

  it('asks for the key before it judges the body', async () => {
    const { status } = await table.api.call('POST', '/table/state', {
      body: '{',
      headers: { 'x-robot-id': table.robotId },
    });
    expect(status).toBe(401);
  });

  it.each([
    [{ batteryLevel: 'full' }, 'batteryLevel'],
    [{ batteryLevel: 101 }, 'batteryLevel'],
    [{ driveMode: undefined }, 'driveMode'],
    [{ driveMode: '' }, 'driveMode'],
    [{ lastNode: 7 }, 'lastNode'],
    [{ currentPosition: 'x'.repeat(129) }, 'currentPosition'],
  ])('names the field of bad telemetry: %j', async (part, path) => {
    const { status, body } = await table.report(part);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    });
    expect((await table.status()).robotConnected).toBe(false);
  });

  it('refuses what is no JSON, too large or of another type as every endpoint does', async () => {
    const headers = { 'x-api-key': table.key, 'x-robot-id': table.robotId };
    const post = (body: string, type = 'application/json') =>
      table.api.call('POST', '/table/state', { body, headers: { ...headers, 'content-type': type } });
    expect(await post('{"systemHealth":')).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED' },
    });
    expect(await post('')).toMatchObject({ status: 400 });
    expect(await post('[]')).toMatchObject({ status: 400 });
    expect(await post('{}', 'text/plain')).toMatchObject({ status: 415 });
    expect(await post(JSON.stringify({ ...STATE, extra: 'x'.repeat(200_000) }))).toMatchObject({
      status: 200,
    });
    const large = JSON.stringify({ ...STATE, extra: 'x'.repeat(300_000) });
    expect(await post(large)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    const evil = JSON.stringify(STATE).replace('{', '{"__proto__":{"polluted":true},');
    expect(await post(evil)).toMatchObject({ status: 400 });
  });

  it('takes events of both kinds of firmware', async () => {
    for (const event of [
      { event: 'DESTINATION_REACHED', timestamp: '2026-01-16T10:00:00Z' },
      { priority: 'WARN', message: 'low battery' },
    ]) {
      const { status, body } = await table.api.asRobot('/table/event', event, table);
      expect([status, body]).toEqual([200, SUCCESS]);
    }
  });
});

describe('who may call', () => {
  it.each([
    ['GET', '/nodes'],
    ['GET', '/routes'],
    ['POST', '/routes'],
    ['DELETE', '/routes/00000000-0000-4000-8000-000000000000'],
    ['POST', '/routes/optimize'],
    ['POST', '/routes/select'],
    ['POST', '/drive/lock'],
    ['DELETE', '/drive/lock'],
    ['GET', '/robot/check'],
  ])('%s %s needs a JWT', async (method, path) => {
    const { status } = await table.api.call(method, path, { body: method === 'POST' ? {} : undefined });
    expect(status).toBe(401);
  });

  it('lets Admins alone change the queue', async () => {
    for (const user of [operator, viewer]) {
      expect((await table.addRoute(user, 'Home', 'Kitchen')).status).toBe(403);
      expect((await table.api.post('/routes/optimize', user)).status).toBe(403);
      expect((await table.api.delete('/routes/00000000-0000-4000-8000-000000000000', user)).status).toBe(403);
    }
  });

  it('lets Operators and Admins drive, and Viewers look', async () => {
    expect((await table.select(viewer, 'Home', 'Kitchen')).status).toBe(403);
    expect((await table.lock(viewer)).status).toBe(403);
    expect((await table.unlock(viewer)).status).toBe(403);
    expect((await table.api.get('/routes', viewer)).status).toBe(200);
  });
});

describe('the lock', () => {
  it('is acquired, shown, refused to others, and released', async () => {
    expect(await table.lock(operator)).toMatchObject({
      status: 200,
      body: { status: 'success', message: 'Lock acquired' },
    });
    expect((await table.status()).manualLockHolderName).toBe('Olga');
    expect(await table.lock(other)).toMatchObject({ status: 200, body: error('Lock held by Olga') });
    expect(await table.unlock(other)).toMatchObject({ status: 200, body: error('You do not hold the lock') });
    expect(await table.unlock(operator)).toMatchObject({
      status: 200,
      body: { status: 'success', message: 'Lock released' },
    });
    expect((await table.status()).manualLockHolderName).toBeNull();
    expect((await table.lock(other)).body.status).toBe('success');
  });

  it('is renewed by its holder', async () => {
    await table.lock(operator);
    const first = await gateway.lock(table.robotId);
    expect((await table.lock(operator)).body).toEqual({ status: 'success', message: 'Lock acquired' });
    const second = await gateway.lock(table.robotId);
    expect(second!.expires_at.getTime()).toBeGreaterThan(first!.expires_at.getTime());
    expect(second!.acquired_at).toEqual(first!.acquired_at);
  });

  it('is taken from its holder by an Admin, and not the other way round', async () => {
    await table.lock(operator);
    expect((await table.lock(admin)).body).toEqual({ status: 'success', message: 'Lock acquired' });
    expect((await table.status()).manualLockHolderName).toBe('Ada');
    expect((await table.lock(operator)).body).toEqual(error('Lock held by Ada'));
    expect((await table.unlock(operator)).body).toEqual(error('You do not hold the lock'));
  });

  it('answers a subject that is no UUID in a body of its own', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const user = signed({ sub: 'alice', name: 'Alice', role: 'Operator', exp });
    expect(await table.lock(user)).toMatchObject({ status: 200, body: error('Invalid User ID') });
    expect(await table.unlock(user)).toMatchObject({ status: 200, body: error('Invalid User ID') });
    expect((await table.lock(signed({ sub: 'alice', role: 'Operator', exp: 1 }))).status).toBe(401);
  });

  it('blocks navigation while it lasts, also its holder’s', async () => {
    await table.lock(operator);
    for (const user of [operator, admin]) {
      const { status, body } = await table.select(user, 'Home', 'Kitchen');
      expect([status, body]).toEqual([200, error('Robot is manually locked')]);
    }
    await table.unlock(operator);
    const { status, body } = await table.select(operator, 'Home', 'Kitchen');
    expect([status, body]).toEqual([200, { status: 'success', message: 'Route selected' }]);
  });

  it('is not given to an Operator while a queued route is driven, and is to an Admin', async () => {
    const robot = await table.control();
    await table.addRoute(admin, 'Home', 'Kitchen');
    await table.report();
    await gotCommands(robot, 1);
    expect((await table.lock(operator)).body).toEqual(
      error('Cannot acquire lock while automated route is active'),
    );
    expect((await table.lock(admin)).body.status).toBe('success');
  });
});

describe('the queue of routes', () => {
  it('lists routes as they were added, and removes them', async () => {
    const first = await table.addRoute(admin, 'Home', 'Kitchen');
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      start: 'Home',
      destination: 'Kitchen',
      added_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      added_by: 'Ada',
    });
    const second = await table.addRoute(admin, 'Kitchen', 'Office');
    expect(await table.routes(viewer)).toEqual([first.body, second.body]);
    const path = `/routes/${first.body.id}?robotId=${table.robotId}`;
    expect((await table.api.delete(path, admin)).status).toBe(204);
    expect((await table.api.delete(path, admin)).status).toBe(404);
    expect((await table.api.delete('/routes/nonsense', admin)).status).toBe(400);
    // Another robot's route is not in this one's queue.
    expect((await table.api.delete(`/routes/${second.body.id}`, admin)).status).toBe(404);
    expect(await table.routes(viewer)).toEqual([second.body]);
  });

  it.each([
    [{ start: 'Home' }, 'destination'],
    [{ start: '', destination: 'Kitchen' }, 'start'],
    [{ start: 'Home', destination: 7 }, 'destination'],
  ])('names the field of a bad route: %j', async (body, path) => {
    const answer = await table.api.post(`/routes?robotId=${table.robotId}`, admin, body);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: expect.arrayContaining([expect.objectContaining({ path })]),
      },
    });
    expect(await table.routes(admin)).toEqual([]);
  });

  it('sends one route at a time, the next when the robot says IDLE', async () => {
    const robot = await table.control();
    await table.addRoute(admin, 'Home', 'Kitchen');
    await table.addRoute(admin, 'Kitchen', 'Office');
    expect(commandsOf(robot)).toEqual([]);
    await table.report();
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
    await table.report({ driveMode: 'NAVIGATING' });
    await table.report({ driveMode: 'MANUAL' });
    expect(
      (await table.routes(admin)).map(({ destination }: { destination: string }) => destination),
    ).toEqual(['Kitchen', 'Office']);
    await table.report({ driveMode: 'IDLE' });
    expect(await gotCommands(robot, 2)).toEqual([NAVIGATE('Home', 'Kitchen'), NAVIGATE('Kitchen', 'Office')]);
    await table.report({ driveMode: 'IDLE' });
    expect(await table.routes(admin)).toEqual([]);
  });

  it('sends a route that is added while the robot waits', async () => {
    const robot = await table.control();
    await table.report();
    await table.addRoute(admin, 'Home', 'Kitchen');
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
  });

  it('sends nothing to a robot that is not IDLE, or was never heard of', async () => {
    const robot = await table.control();
    const person = await table.manual(admin);
    await table.addRoute(admin, 'Home', 'Kitchen');
    await handled(robot, person);
    await table.report({ driveMode: 'MANUAL' });
    await handled(robot, person);
    expect(commandsOf(robot)).not.toContainEqual(NAVIGATE('Home', 'Kitchen'));
  });

  it('waits while somebody holds the lock, and goes on when it is released', async () => {
    const robot = await table.control();
    await table.lock(operator);
    await table.addRoute(admin, 'Home', 'Kitchen');
    await table.report();
    await table.report();
    expect(commandsOf(robot)).toEqual([]);
    await table.unlock(operator);
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
  });

  it('calls the route under way off when it is removed', async () => {
    const robot = await table.control();
    const { body: route } = await table.addRoute(admin, 'Home', 'Kitchen');
    await table.report();
    await gotCommands(robot, 1);
    expect((await table.api.delete(`/routes/${route.id}?robotId=${table.robotId}`, admin)).status).toBe(204);
    expect(await gotCommands(robot, 2)).toEqual([NAVIGATE('Home', 'Kitchen'), { command: 'CANCEL' }]);
    expect(await table.routes(admin)).toEqual([]);
  });

  it('optimises the order of what waits; the first stays the first', async () => {
    for (const [from, to] of [
      ['Home', 'Kitchen'],
      ['Office', 'Bedroom'],
      ['Bedroom', 'Home'],
      ['Kitchen', 'Office'],
    ] as const)
      await table.addRoute(admin, from, to);
    const { status, body } = await table.api.post(`/routes/optimize?robotId=${table.robotId}`, admin);
    expect([status, body]).toEqual([200, { status: 'success', message: 'Optimization triggered' }]);
    expect(
      (await table.routes(admin)).map(
        ({ start, destination }: { start: string; destination: string }) => `${start}>${destination}`,
      ),
    ).toEqual(['Home>Kitchen', 'Kitchen>Office', 'Office>Bedroom', 'Bedroom>Home']);
  });
});

describe('manual drive', () => {
  it.each([
    '',
    'nonsense',
    signed({ sub: admin.userId, role: 'Admin', exp: 1 }).headers.authorization.slice(7),
  ])('refuses a bad token with 401 and no body: %s', async (token) => {
    const refusal = await openRefused(`${gateway.replicas[0]!.url}/ws/drive/manual?token=${token}`);
    expect(refusal.status).toBe(401);
    expect(refusal.body).toEqual({});
    expect(refusal.contentType).toBeUndefined();
  });

  it('passes frames of the lock’s holder on, under his lease, and of nobody else', async () => {
    const robot = await table.control();
    const [hers, his] = [await table.manual(operator), await table.manual(other)];
    await table.lock(operator);
    his.send(DRIVE(0.9, 0));
    hers.send(DRIVE(0.5, 0.2));
    expect(await gotCommands(robot, 1)).toEqual([DRIVE(0.5, 0.2)]);
    const { epoch } = (await gateway.lease(table.robotId))!;
    expect(framesOf(robot)[0]!.lease).toEqual({ epoch: Number(epoch), seq: expect.any(Number) });
    await table.unlock(operator);
    await waitFor('the robot to be stopped', () => robot.stops().length > 0);
    hers.send(DRIVE(0.7, 0));
    const boss = await table.manual(admin);
    await handled(robot, boss);
    expect(commandsOf(robot)).not.toContainEqual(DRIVE(0.7, 0));
    expect(commandsOf(robot)).not.toContainEqual(DRIVE(0.9, 0));
  });

  it('ignores what is no command, or not on the list', async () => {
    const robot = await table.control();
    const hers = await table.manual(operator);
    await table.lock(operator);
    for (const frame of [
      'nonsense',
      '{}',
      '[]',
      'null',
      '{"command":"REBOOT"}',
      '{"command":"DRIVE_COMMAND"}',
      '{"command":"DRIVE_COMMAND","linear_velocity":"1","angular_velocity":0}',
      '{"command":"DRIVE_COMMAND","linear_velocity":1e999,"angular_velocity":0}',
      '{"command":"SET_MODE"}',
    ])
      hers.send(frame);
    hers.send({ command: 'SET_MODE', mode: 'MANUAL' });
    expect(await gotCommands(robot, 1)).toEqual([{ command: 'SET_MODE', mode: 'MANUAL' }]);
    await waitFor(
      'the drops to be counted',
      async () => (await table.api.metric('robot_frames_dropped_total{reason="not_allowed"')) >= 9,
    );
    expect(hers.received).toEqual([]);
  });

  it('does not let Operators navigate or cancel, with or without the lock', async () => {
    const robot = await table.control();
    const hers = await table.manual(operator);
    hers.send(NAVIGATE('Home', 'Kitchen'));
    await table.lock(operator);
    hers.send(NAVIGATE('Home', 'Kitchen'));
    hers.send({ command: 'CANCEL' });
    hers.send(DRIVE(0.1, 0));
    expect(await gotCommands(robot, 1)).toEqual([DRIVE(0.1, 0)]);
  });

  it('lets an Admin send anything without the lock', async () => {
    const robot = await table.control();
    const boss = await table.manual(admin);
    boss.send(DRIVE(0.3, 0));
    boss.send({ command: 'SET_MODE', mode: 'MANUAL' });
    const first = await gotCommands(robot, 2);
    expect(first).toContainEqual(DRIVE(0.3, 0));
    expect(first).toContainEqual({ command: 'SET_MODE', mode: 'MANUAL' });
    boss.send(NAVIGATE('Home', 'Office'));
    boss.send({ command: 'CANCEL' });
    await waitFor('both orders', () =>
      commandsOf(robot).some((c) => 'command' in c && c.command === 'CANCEL'),
    );
    expect(commandsOf(robot)).toContainEqual(NAVIGATE('Home', 'Office'));
  });

  it.each([
    ['the lock’s holder', operator],
    ['an Admin without it', admin],
  ])('keeps the order in which %s sent mode and frames', async (_who, user) => {
    const robot = await table.control();
    if (user === operator) await table.lock(operator);
    const socket = await table.manual(user);
    socket.send({ command: 'SET_MODE', mode: 'MANUAL' });
    socket.send(DRIVE(0.4, 0));
    expect(await gotCommands(robot, 2)).toEqual([{ command: 'SET_MODE', mode: 'MANUAL' }, DRIVE(0.4, 0)]);
    const seqs = framesOf(robot).map(({ lease }) => lease!.seq);
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
  });

  it('leaves the lock to its holder when an Admin only drives', async () => {
    const robot = await table.control();
    const [boss, hers] = [await table.manual(admin), await table.manual(operator)];
    await table.lock(operator);
    hers.send(DRIVE(0.2, 0));
    await gotCommands(robot, 1);
    boss.send(DRIVE(0.4, 0));
    await robot.got('"linear_velocity":0.4');
    expect((await table.status()).manualLockHolderName).toBe('Olga');
    const epochs = framesOf(robot).map(({ lease }) => lease!.epoch);
    expect([...epochs].sort((a, b) => a - b)).toEqual(epochs);
    expect(new Set(epochs).size).toBe(2);
  });

  it('clamps velocities to the robot’s limits', async () => {
    const robot = await table.control();
    await table.api.patch(`/api/v1/robots/${table.robotId}`, admin, {
      limits: { maxLinearVelocity: 0.6, maxAngularVelocity: 1 },
    });
    const boss = await table.manual(admin);
    boss.send(DRIVE(5, -7));
    expect(await gotCommands(robot, 1)).toEqual([DRIVE(0.6, -1)]);
  });
});

describe('preemption by an Admin', () => {
  async function underWay() {
    const robot = await table.control();
    const { body: first } = await table.addRoute(admin, 'Home', 'Kitchen');
    const { body: second } = await table.addRoute(admin, 'Kitchen', 'Office');
    await table.report();
    await gotCommands(robot, 1);
    await table.report({ driveMode: 'NAVIGATING' });
    return { robot, first, second, boss: await table.manual(admin) };
  }

  it('cancels the route under way, then sends his command, and puts the route back to the front', async () => {
    const { robot, first, second, boss } = await underWay();
    boss.send(NAVIGATE('Lobby', 'Dock'));
    expect(await gotCommands(robot, 3)).toEqual([
      NAVIGATE('Home', 'Kitchen'),
      { command: 'CANCEL' },
      NAVIGATE('Lobby', 'Dock'),
    ]);
    expect(await table.routes(admin)).toEqual([first, second]);
    await table.report({ driveMode: 'NAVIGATING', targetNode: 'Dock' });
    expect(commandsOf(robot)).toHaveLength(3);
    // Done with it: the route starts again, from its beginning.
    await table.report({ driveMode: 'IDLE' });
    expect((await gotCommands(robot, 4)).at(-1)).toEqual(NAVIGATE('Home', 'Kitchen'));
    expect(await table.routes(admin)).toEqual([first, second]);
    await table.report({ driveMode: 'IDLE' });
    expect((await gotCommands(robot, 5)).at(-1)).toEqual(NAVIGATE('Kitchen', 'Office'));
  });

  it('gives every later command a newer epoch', async () => {
    const { robot, boss } = await underWay();
    boss.send(NAVIGATE('Lobby', 'Dock'));
    await gotCommands(robot, 3);
    const leases = framesOf(robot).map(({ lease }) => lease!);
    expect(leases[1]!.epoch).toBeGreaterThan(leases[0]!.epoch);
    expect(leases[2]!.epoch).toBe(leases[1]!.epoch);
    expect(leases[2]!.seq).toBeGreaterThan(leases[1]!.seq);
  });

  it('revokes an Operator’s lock when he navigates', async () => {
    const robot = await table.control();
    await table.lock(operator);
    const [boss, hers] = [await table.manual(admin), await table.manual(operator)];
    hers.send(DRIVE(0.2, 0));
    await gotCommands(robot, 1);
    boss.send(NAVIGATE('Home', 'Office'));
    await robot.got('"Office"');
    expect((await table.status()).manualLockHolderName).toBeNull();
    hers.send(DRIVE(0.9, 0));
    await handled(robot, boss);
    expect(commandsOf(robot)).not.toContainEqual(DRIVE(0.9, 0));
    expect((await table.unlock(operator)).body).toEqual(error('You do not hold the lock'));
  });

  it('keeps the Admin’s own lock', async () => {
    await table.control();
    await table.lock(admin);
    const boss = await table.manual(admin);
    boss.send(NAVIGATE('Home', 'Office'));
    boss.send({ command: 'CANCEL' });
    await waitFor(
      'the orders to be written',
      async () => (await gateway.commands(table.robotId)).length === 2,
    );
    expect((await table.status()).manualLockHolderName).toBe('Ada');
  });
});

describe('the default robot', () => {
  const defaultTable = () => tableOf(gateway);

  it('is meant when nobody says which, and has everything of its own', async () => {
    const one = defaultTable();
    const [robot, another] = [await one.control(), await table.control()];
    expect((await one.report({ batteryLevel: 12 })).body).toEqual(SUCCESS);
    expect((await one.status()).batteryLevel).toBe(12);
    expect((await table.status()).robotConnected).toBe(false);
    await one.addRoute(admin, 'A', 'B');
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('A', 'B')]);
    expect(await table.routes(admin)).toEqual([]);
    await one.report({ driveMode: 'IDLE' });
    expect(await one.routes(admin)).toEqual([]);
    await one.lock(operator);
    expect((await table.status()).manualLockHolderName).toBeNull();
    const hers = await one.manual(operator);
    hers.send(DRIVE(0.2, 0));
    await gotCommands(robot, 2);
    expect(commandsOf(another)).toEqual([]);
    expect((await one.unlock(operator)).body.status).toBe('success');
  });

  it('is opened by ROBOT_API_KEY, which opens no other', async () => {
    expect((await tableOf(gateway, { robotId: table.robotId, key: KEY }).report()).status).toBe(401);
    expect((await tableOf(gateway, { key: table.key }).report()).status).toBe(401);
    expect((await defaultTable().report()).status).toBe(200);
  });
});

describe('a robot that nobody registered', () => {
  it('is 404 to users', async () => {
    const ghost = tableOf(gateway, { robotId: 'ghost' });
    expect(await ghost.api.get('/status?robotId=ghost')).toMatchObject({
      status: 404,
      body: { code: 'ROBOT_NOT_FOUND' },
    });
    for (const answer of [await ghost.addRoute(admin, 'A', 'B'), await ghost.lock(admin)])
      expect(answer.status).toBe(404);
    expect((await ghost.api.get('/status?robotId=a.b')).status).toBe(400);
  });
});

describe('sockets of old firmware, which name no robot', () => {
  it('all hear the commands, as a robot and the tool that watches it do', async () => {
    table = tableOf(gateway);
    const [tool, robot] = [await table.control(), await table.control()];
    await table.select(operator, 'Home', 'Kitchen');
    for (const peer of [tool, robot])
      expect(await gotCommands(peer, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
    robot.ws.close();
    await robot.wasClosed();
    await table.select(operator, 'Kitchen', 'Office');
    expect(await gotCommands(tool, 2)).toContainEqual(NAVIGATE('Kitchen', 'Office'));
  });
});
