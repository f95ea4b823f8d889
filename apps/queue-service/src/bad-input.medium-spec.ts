import { createHmac, randomInt, randomUUID } from 'node:crypto';
import {
  badRequests,
  expectRefused,
  faultOf,
  fingerprinter,
  operationsOf,
  schemasNamed,
  waitFor,
  type BadInputTarget,
  type BadRequests,
  type OpenApiDocument,
  type TestUser,
} from '@teleop/testing';
import fc from 'fast-check';
import { setupService, type ServiceSetup } from './service.spec-support';

/** Set FC_SEED to repeat a run of the random requests; their seed is in the name of the test. */
const SEED = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));
const RANDOM_RUNS = 300;

// Thousands of requests, on a machine that other tests share.
jest.setTimeout(120_000);

function jwt(secret: string, claims: object): string {
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
}

describe('queue-service under bad input', () => {
  let s: ServiceSetup;
  let world: Awaited<ReturnType<typeof populate>>;
  let document: OpenApiDocument;
  let requests: BadRequests;
  let target: BadInputTarget;

  beforeAll(async () => {
    // Nothing but requests changes the database while this runs.
    s = await setupService({
      env: { SWEEP_SECONDS: '3600', LEADERBOARD_REFRESH_SECONDS: '0', SESSION_SECONDS: '3600' },
    });
    world = await populate(s);
    const { driver } = world;
    const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
    const claims = { sub: driver.userId, name: 'Ada', role: 'Admin', exp: inSeconds(600) };
    const { JWT_SECRET, INTERNAL_API_TOKEN, URL_AES_KEY } = s.config;
    document = (await s.get('/openapi.json')).body as OpenApiDocument;
    requests = badRequests({
      document,
      good: {
        userId: driver.userId,
        user_id: driver.userId,
        robotId: 'arm1',
        controlToken: world.settledToken,
        inactive: true,
      },
      credentials: { bearer: `Bearer ${driver.hashCode}`, internal: `Bearer ${INTERNAL_API_TOKEN}` },
      wrongCredentials: {
        'the hash_code of somebody else': `Bearer ${world.other.hashCode}`,
        'the JWT of somebody else': `Bearer ${jwt(JWT_SECRET, { ...claims, sub: world.other.userId })}`,
        'a JWT that has expired': `Bearer ${jwt(JWT_SECRET, { ...claims, exp: inSeconds(-60) })}`,
        'a JWT that never expires': `Bearer ${jwt(JWT_SECRET, { ...claims, exp: undefined })}`,
        'a JWT signed with another secret': `Bearer ${jwt('another-secret', claims)}`,
        'a JWT of no known role': `Bearer ${jwt(JWT_SECRET, { ...claims, role: 'Root' })}`,
        'the secret of the JWTs': `Bearer ${JWT_SECRET}`,
      },
    });
    const fingerprint = await fingerprinter(s.data.pool, 'teleop', { robot_status: ['last_check'] });
    const settle = async () => {
      await waitFor(
        'an empty outbox',
        async () => (await s.data.rows('SELECT 1 FROM teleop.outbox LIMIT 1')).length === 0,
      );
    };
    target = {
      url: s.url,
      fingerprint,
      settle,
      secrets: [
        world.settledToken,
        ...world.queue.map((user) => user.hashCode),
        INTERNAL_API_TOKEN,
        URL_AES_KEY.toString('base64'),
        s.databaseUrl,
      ],
      family: (problem) =>
        problem['success'] === false && problem['error'] === problem['detail']
          ? []
          : ['not success: false with error = detail'],
    };
  });
  afterAll(() => s.close());
  beforeEach(async () => {
    // Odd but good requests have emptied the queue: a refusal must find something that it could change.
    for (const user of world.queue) await s.as(user, '/queue/leave', { robotId: 'arm1' });
    for (const user of world.queue) await s.as(user, '/queue/join', { robotId: 'arm1' });
    expect((await s.get('/queue/arm1')).body.queue[0].user_id).toBe(world.driver.userId);
    await target.settle();
  });
  afterEach(async () => {
    // A good /robot/free takes a robot from its active user in robot_status alone, as the source has it.
    const freed = /status row names|waits behind nobody/;
    expect((await s.data.violations()).filter((name) => !freed.test(name))).toEqual([]);
  });

  it('declares who may call what, and ids as narrow as they are', () => {
    // The document is the judge of everything below, so what it must say is written down here.
    const callers = (scheme: string | undefined) =>
      operationsOf(document)
        .filter(({ security: [first] }) => first === scheme)
        .map(({ name }) => name)
        .sort();
    expect(callers(undefined)).toEqual([
      'GET /get_live_paused_status',
      'GET /queue/{robotId}',
      'GET /robots/status',
      'GET /tele_op/leaderboard',
      'GET /tele_op/monad_leaderboard',
    ]);
    expect(callers('internal')).toEqual([
      'GET /queue/statistics',
      'POST /robot/disconnect',
      'POST /robot/free',
      'POST /tele_op/leaderboard/update',
      'POST /tele_op/monad_leaderboard/update',
    ]);
    expect(callers('bearer')).toHaveLength(operationsOf(document).length - 10);
    const narrow = {
      robotId: { pattern: '^[A-Za-z0-9_-]{1,64}$' },
      userId: { format: 'uuid' },
      user_id: { format: 'uuid' },
    };
    for (const [name, schema] of Object.entries(narrow)) {
      const schemas = schemasNamed(document, name);
      expect([name, schemas.length > 1]).toEqual([name, true]);
      for (const found of schemas) expect(found).toMatchObject(schema);
    }
  });

  it('refuses every hostile value of every field by its name, and takes what the document allows', async () => {
    await expectRefused(target, requests.fields, { atLeast: 1_000 });
  });

  it('refuses bodies that are no JSON object, not JSON at all, or too large', async () => {
    await expectRefused(target, requests.bodies, { atLeast: 300 });
  });

  it('takes JSON only when it is called so', async () => {
    await expectRefused(target, requests.contentTypes, { atLeast: 100 });
  });

  it('refuses hostile, repeated and badly encoded parameters by their name', async () => {
    await expectRefused(target, requests.parameters, { atLeast: 200 });
  });

  it('refuses every credential that is not the caller’s, whatever the body, and malformed Idempotency-Keys', async () => {
    await expectRefused(target, requests.headers, { atLeast: 500 });
  });

  it('answers 404 or 405 to what it does not offer', async () => {
    await expectRefused(target, requests.routes, { atLeast: 100 });
  });

  it(`holds all of that for any mixture of good and bad (FC_SEED=${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(requests.random, async (bad) => {
        const fault = await faultOf(target, bad);
        if (fault !== undefined) throw new Error(fault);
      }),
      { seed: SEED, numRuns: RANDOM_RUNS, interruptAfterTimeLimit: 15_000 },
    );
  });

  it('ignores unknown fields and stores none of them', async () => {
    const mark = `mark-${randomUUID()}`;
    const [user] = await s.data.users(1);
    const extras = {
      robotId: 'arm2',
      [mark]: 1,
      role: 'Admin',
      total_points: 1e6,
      user_class: mark,
      status: mark,
      nested: { a: [mark] },
    };
    for (const path of ['/queue/join', '/queue/leave', '/queue/join', '/use_robot', '/queue/leave']) {
      const answer = await s.as(user!, path, extras, { 'idempotency-key': randomUUID() });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(JSON.stringify(answer.body)).not.toContain(mark);
    }
    await s.internal('/robot/free', extras);
    expect(await tablesWith(s, mark)).toEqual([]);
    expect(
      await s.data.rows('SELECT role, user_class FROM teleop.users WHERE user_id = $1', [user!.userId]),
    ).toEqual([{ role: 'Viewer', user_class: 'Innovator Member' }]);
    // The search finds what is there.
    expect(await tablesWith(s, world.driver.userId)).toContain('users');
  });
});

/** People who want one robot, a session that was paid, boards and a kept answer: something to be damaged. */
async function populate(s: ServiceSetup) {
  for (const robotId of ['arm1', 'arm2', 'arm3']) await s.data.robot(robotId);
  const [past, driver, other, ...more] = (await s.data.users(6)) as [TestUser, TestUser, TestUser];
  await s.as(past, '/queue/join', { robotId: 'arm3' }, { 'idempotency-key': 'first' });
  const opened = await s.as(past, '/use_robot', { robotId: 'arm3' });
  expect(await s.as(past, '/queue/leave', { robotId: 'arm3' })).toMatchObject({
    body: { reward_points: 3000 },
  });
  for (const board of ['leaderboard', 'monad_leaderboard']) await s.internal(`/tele_op/${board}/update`);
  const settledToken = opened.body.control_token as string;
  return { driver, other, queue: [driver, other, ...more], settledToken };
}

async function tablesWith(s: ServiceSetup, text: string): Promise<string[]> {
  const tables = await s.data.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'teleop'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await s.data.rows(`SELECT 1 FROM teleop."${name}" t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [
      text,
    ]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}
