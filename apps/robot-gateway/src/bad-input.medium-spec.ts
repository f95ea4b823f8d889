import { createHmac, randomInt, randomUUID } from 'node:crypto';
import {
  badRequests,
  expectRefused,
  faultOf,
  fingerprinter,
  operationsOf,
  schemasNamed,
  send,
  waitFor,
  type BadInputTarget,
  type BadRequests,
  type OpenApiDocument,
} from '@teleop/testing';
import fc from 'fast-check';
import { apiUser } from './testing/api.spec-support';
import { setupGateway, type Gateway } from './testing/gateway.spec-support';
import { KEY, STATE, tableOf } from './testing/table.spec-support';

type Bad = BadRequests['fields'][number];

/** Set FC_SEED to repeat a run of the random requests; their seed is in the name of the test. */
const SEED = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));
const RANDOM_RUNS = 200;

/** What the source fixes for a robot whose key is missing or wrong. */
const INVALID_KEY = { status: 'error', message: 'Invalid API Key' };

/**
 * Operations that refuse more than their schema can say: fields that depend on each other, and further fields that are
 * kept and so must be storable. What the document accepts may be refused there.
 */
const STRICTER = new Set([
  'POST /table/state',
  'POST /table/event',
  'PUT /api/v1/robots/map',
  'POST /api/v1/robots',
]);

// Thousands of requests, on a machine that other tests share.
jest.setTimeout(120_000);

function jwt(claims: object, secret = 'dev-jwt-secret'): string {
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

describe('robot-gateway under bad input', () => {
  const admin = apiUser('Admin', 'Ada');
  const claims = { sub: admin.userId, name: 'Ada', role: 'Admin', exp: inSeconds(3_600) };
  let gateway: Gateway;
  let document: OpenApiDocument;
  let requests: BadRequests;
  let target: BadInputTarget;
  let url: string;
  let otherKey: string;

  beforeAll(async () => {
    const never = '3600000';
    gateway = await setupGateway({
      env: {
        ROBOT_SOCKET_AUTH: 'required',
        ROBOT_BODY_BYTES: String(256 * 1024),
        // Nothing but requests changes the database while this runs.
        STATE_WRITE_MS: never,
        ROBOT_CLEANUP_MS: never,
        DRIVE_LOCK_MS: never,
        COMMAND_KEEP_MS: never,
        ROBOT_HTTP_TIMEOUT_MS: '200',
      },
    });
    url = gateway.replicas[0]!.url;
    const { api } = tableOf(gateway);
    const made = await api.post('/api/v1/robots', admin, { robotId: 'other' });
    otherKey = made.body.apiKey as string;
    document = (await api.get('/openapi.json')).body as OpenApiDocument;
    requests = badRequests({
      document,
      good: {
        ...STATE,
        // One that waits for orders is sent its queue, which changes the database by itself.
        driveMode: 'MANUAL',
        robotId: 'table1',
        routeId: randomUUID(),
        taskId: randomUUID(),
        stepId: randomUUID(),
        missionId: randomUUID(),
        status: 'QUEUED',
        limit: 10,
        cursor: '1',
        event: 'DESTINATION_REACHED',
        timestamp: '2026-01-01T00:00:00Z',
        priority: 'INFO',
        message: 'Ready',
        reason: 'blocked',
        port: 8_000,
        start: 'Home',
        destination: 'Kitchen',
        from: 'Home',
        to: 'Kitchen',
        name: 'Table 1',
        capabilities: {},
        limits: {},
        url: 'http://127.0.0.1:1',
        yaml: 'nodes: []',
        nodes: [],
        paths: [],
        defaultSpeed: 1,
      },
      credentials: { bearer: admin.headers.authorization, apiKey: KEY },
      wrongCredentials: {
        'a JWT that has expired': `Bearer ${jwt({ ...claims, exp: inSeconds(-60) })}`,
        'a JWT that never expires': `Bearer ${jwt({ ...claims, exp: undefined })}`,
        'a JWT signed with another secret': `Bearer ${jwt(claims, 'another-secret')}`,
        'a JWT of no known role': `Bearer ${jwt({ ...claims, role: 'Root' })}`,
        'a JWT whose role is a list': `Bearer ${jwt({ ...claims, role: ['Admin'] })}`,
        'the secret of the JWTs': `Bearer ${gateway.config.JWT_SECRET}`,
        'the key of a robot': `Bearer ${KEY}`,
        'the token of our own services': `Bearer ${gateway.config.INTERNAL_API_TOKEN}`,
      },
      wrongKeys: {
        'the key of another robot': otherKey,
        'the JWT of an Admin': admin.headers.authorization.slice(7),
      },
    });
    const fingerprint = await fingerprinter(gateway.pool, 'robots', {
      command: ['status', 'reason', 'sent_at', 'settled_at'],
      robot: ['last_state', 'last_state_at'],
    });
    target = {
      url,
      fingerprint,
      settle: async () => undefined,
      secrets: [
        KEY,
        otherKey,
        gateway.config.JWT_SECRET,
        gateway.config.INTERNAL_API_TOKEN,
        gateway.env.DATABASE_URL,
      ],
      fixedBody: (operation, status) => {
        if (status === 401 && operation?.path.startsWith('/table/')) return INVALID_KEY;
        return status === 503 && operation?.path === '/nodes' ? { nodes: [] } : undefined;
      },
    };
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    // Something to be damaged: a queue, a lock, telemetry.
    const table = tableOf(gateway);
    await table.unlock(admin);
    for (const [from, to] of [
      ['Home', 'Kitchen'],
      ['Kitchen', 'Bar'],
    ] as const)
      await table.addRoute(admin, from, to);
    expect((await table.report({ driveMode: 'MANUAL' })).status).toBe(200);
    await rest();
  });

  /** Until what was set in motion has come to rest. */
  async function rest(): Promise<void> {
    let before = await target.fingerprint();
    let same = 0;
    await waitFor('the database to rest', async () => {
      const now = await target.fingerprint();
      same = JSON.stringify(now) === JSON.stringify(before) ? same + 1 : 0;
      before = now;
      return same === 5;
    });
  }

  /** Of thousands every second; of the odd but good, after each of which the database is looked at, one in eight. */
  const thinned = (list: readonly Bad[]): readonly Bad[] =>
    list.filter(({ expected }, index) =>
      expected.kind === 'refused' ? list.length < 1_000 || index % 2 === SEED % 2 : index % 8 === SEED % 8,
    );

  /** With what the document cannot say: see STRICTER. Of fields that depend on each other another may be named. */
  function judge(bad: Bad): Bad {
    const operation = bad.operation?.name ?? '';
    const { expected } = bad;
    // Unknown fields of nested objects are ignored as others are, however deep they go.
    const ignored = /(capabilities|limits): 10,000 objects deep/.test(bad.name);
    if (ignored || (expected.kind === 'answered' && STRICTER.has(operation)))
      return { ...bad, expected: { kind: 'either' } };
    return expected.kind === 'refused' && operation === 'POST /table/event'
      ? { ...bad, expected: { ...expected, fields: undefined } }
      : bad;
  }

  const judged = (list: readonly Bad[]): Bad[] => thinned(list).map(judge);

  it('documents every operation, who may call it, and ids as narrow as they are', () => {
    const byCaller = (scheme: string | undefined) =>
      operationsOf(document)
        .filter(({ security: [first] }) => first === scheme)
        .map(({ name }) => name)
        .sort();
    expect(byCaller(undefined)).toEqual(['GET /status']);
    expect(byCaller('apiKey')).toEqual(['POST /table/event', 'POST /table/register', 'POST /table/state']);
    expect(byCaller('bearer')).toEqual([
      'DELETE /api/v1/robots/{robotId}',
      'DELETE /drive/lock',
      'DELETE /routes/{routeId}',
      'GET /api/v1/robots',
      'GET /api/v1/robots/map',
      'GET /api/v1/robots/map/path',
      'GET /api/v1/robots/{robotId}',
      'GET /api/v1/robots/{robotId}/events',
      'GET /api/v1/tasks',
      'GET /api/v1/tasks/{taskId}',
      'GET /api/v1/traffic/locks',
      'GET /nodes',
      'GET /robot/check',
      'GET /routes',
      'PATCH /api/v1/robots/{robotId}',
      'POST /api/v1/robots',
      'POST /api/v1/robots/{robotId}/key',
      'POST /api/v1/tasks/{taskId}/cancel',
      'POST /api/v1/tasks/{taskId}/pause',
      'POST /api/v1/tasks/{taskId}/resume',
      'POST /drive/lock',
      'POST /routes',
      'POST /routes/optimize',
      'POST /routes/select',
      'PUT /api/v1/robots/map',
    ]);
    const narrow = {
      robotId: { pattern: '^[A-Za-z0-9_-]{1,64}$' },
      taskId: { format: 'uuid' },
      routeId: { format: 'uuid' },
    };
    for (const [name, schema] of Object.entries(narrow)) {
      const schemas = schemasNamed(document, name);
      expect([name, schemas.length > 0]).toEqual([name, true]);
      for (const found of schemas) if (found['type'] === 'string') expect(found).toMatchObject(schema);
    }
  });

  it('lets nobody change anything without the role for it, and says so in the document', async () => {
    const needs = (name: string): string[] => {
      if (/^(GET)/.test(name)) return ['Viewer', 'Operator', 'Admin'];
      return /select|drive\/lock|tasks/.test(name) ? ['Operator', 'Admin'] : ['Admin'];
    };
    const good = { robotId: 'nobody-registered', routeId: randomUUID(), taskId: randomUUID() };
    for (const operation of operationsOf(document)) {
      if (operation.security[0] !== 'bearer') continue;
      const allowed = needs(operation.name);
      expect([operation.name, operation.statuses.has(403)]).toEqual([operation.name, allowed.length < 3]);
      for (const role of ['Viewer', 'Operator'].filter((found) => !allowed.includes(found))) {
        const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof good) => good[name]);
        const before = await target.fingerprint();
        const answer = await send(url, {
          method: operation.method,
          target: path,
          headers: [
            ['authorization', apiUser(role).headers.authorization],
            ...(operation.body === undefined ? [] : [['content-type', 'application/json'] as const]),
          ],
          ...(operation.body !== undefined && { body: Buffer.from('{}') }),
        });
        expect([operation.name, role, answer.status]).toEqual([operation.name, role, 403]);
        expect(JSON.parse(answer.body)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
        expect(await target.fingerprint()).toEqual(before);
      }
    }
  });

  it('refuses every hostile value of every field by its name, and takes what the document allows', async () => {
    await expectRefused(target, judged(requests.fields), { atLeast: 800 });
  });

  it('refuses bodies that are no JSON object, not JSON at all, or too large', async () => {
    await expectRefused(target, judged(requests.bodies), { atLeast: 200 });
  });

  it('takes JSON only when it is called so', async () => {
    await expectRefused(target, requests.contentTypes, { atLeast: 100 });
  });

  it('refuses hostile, repeated and badly encoded parameters by their name', async () => {
    await expectRefused(target, judged(requests.parameters), { atLeast: 500 });
  });

  it('refuses every credential that is not the caller’s, whatever the body', async () => {
    await expectRefused(target, thinned(requests.headers), { atLeast: 500 });
  });

  it('answers 404 or 405 to what it does not offer', async () => {
    await expectRefused(target, requests.routes, { atLeast: 100 });
  });

  it(`holds all of that for any mixture of good and bad (FC_SEED=${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(requests.random, async (bad) => {
        const fault = await faultOf({ ...target, settle: rest }, judge(bad));
        if (fault !== undefined) throw new Error(fault);
      }),
      { seed: SEED, numRuns: RANDOM_RUNS, interruptAfterTimeLimit: 15_000 },
    );
  });

  it('refuses ids of robots that are none, and keys of other robots, in X-Robot-Id', async () => {
    const ids = ['', ' ', 'a b', 'a.b', '>', '*', '../x', 'x'.repeat(65), "';--", 'table1, table1', '\xe4'];
    for (const path of ['/table/state', '/table/event', '/table/register']) {
      for (const id of ids) {
        const answer = await robotPost(path, id, KEY);
        expect([path, id, answer.status]).toEqual([path, id, 400]);
        expect(JSON.parse(answer.body)).toMatchObject({
          code: 'VALIDATION_FAILED',
          errors: [{ path: 'X-Robot-Id' }],
        });
      }
      for (const [id, key] of [
        ['other', KEY],
        ['table1', otherKey],
        ['nobody', KEY],
        ['__proto__', KEY],
        ['constructor', ''],
      ] as const) {
        const answer = await robotPost(path, id, key);
        expect([path, id, answer.status, answer.body]).toEqual([path, id, 401, JSON.stringify(INVALID_KEY)]);
      }
    }
  });

  it('answers a user id that is none in the words of the source', async () => {
    for (const method of ['POST', 'DELETE']) {
      for (const sub of ['no-uuid', '1', 'null']) {
        const headers = [['authorization', `Bearer ${jwt({ ...claims, sub })}`]] as const;
        const answer = await send(url, { method, target: '/drive/lock', headers });
        expect([answer.status, JSON.parse(answer.body)]).toEqual([
          200,
          { status: 'error', message: 'Invalid User ID' },
        ]);
      }
    }
  });

  const robotPost = (path: string, robotId: string, key: string) =>
    send(url, {
      method: 'POST',
      target: path,
      headers: [
        ['x-robot-id', robotId],
        ['x-api-key', key],
        ['content-type', 'application/json'],
      ],
      body: Buffer.from(JSON.stringify({ ...STATE, port: 8_000, priority: 'INFO', message: 'x' })),
    });
});
