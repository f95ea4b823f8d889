import { randomInt } from 'node:crypto';
import {
  badRequests,
  expectRefused,
  faultOf,
  fingerprinter,
  send,
  waitFor,
  type BadInputTarget,
  type BadRequests,
  type OpenApiDocument,
} from '@teleop/testing';
import fc from 'fast-check';
import { asUser, get } from './support/api';
import { startSystem, type System } from './support/system';

/** Set FC_SEED to repeat a run of the random requests; their seed is in the name of the test. */
const SEED = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));

jest.setTimeout(120_000);

/** The operations of one service: the others have specs of their own, with callers of their own. */
function ownedBy(service: string, document: OpenApiDocument): OpenApiDocument {
  const owned = Object.entries(document.paths).filter(([, item]) =>
    Object.values(item).some((operation) => (operation as { tags?: string[] }).tags?.includes(service)),
  );
  return { ...document, paths: Object.fromEntries(owned) };
}

describe('the front door under bad input', () => {
  let system: System;
  let requests: BadRequests;
  let target: BadInputTarget;

  beforeAll(async () => {
    system = await startSystem({
      // No limit on the rate of one address, and nothing but requests changes the queue.
      env: {
        RATE_LIMIT_ENABLED: 'false',
        SWEEP_SECONDS: '3600',
        LEADERBOARD_REFRESH_SECONDS: '0',
        SESSION_SECONDS: '3600',
      },
      arms: [],
    });
    const { stack, data } = system;
    const [driver, other] = await data.users(2);
    for (const user of [driver!, other!]) {
      expect((await asUser(stack.gateway, user)('/queue/join', { robotId: 'arm3' })).status).toBe(200);
    }
    const { INTERNAL_API_TOKEN, JWT_SECRET, ROBOT_API_KEY } = stack.env;
    // A service that takes its time is left out, and there a moment later.
    const document = await waitFor('queue-service’s part of the document', async () => {
      const owned = ownedBy(
        'queue-service',
        (await get(stack.gateway, '/openapi.json')).body as OpenApiDocument,
      );
      return Object.keys(owned.paths).length > 0 ? owned : undefined;
    });
    requests = badRequests({
      document,
      good: {
        userId: driver!.userId,
        user_id: driver!.userId,
        robotId: 'arm3',
        controlToken: 'x',
        inactive: true,
      },
      credentials: { bearer: `Bearer ${driver!.hashCode}`, internal: `Bearer ${INTERNAL_API_TOKEN}` },
      wrongCredentials: {
        'the hash_code of somebody else': `Bearer ${other!.hashCode}`,
        'the key of the robots': `Bearer ${ROBOT_API_KEY}`,
      },
    });
    const settle = async () => {
      await waitFor(
        'an empty outbox',
        async () => (await data.rows('SELECT 1 FROM teleop.outbox LIMIT 1')).length === 0,
      );
    };
    await settle();
    target = {
      url: stack.gateway,
      fingerprint: await fingerprinter(data.pool, 'teleop', { robot_status: ['last_check'] }),
      settle,
      secrets: [
        driver!.hashCode,
        other!.hashCode,
        INTERNAL_API_TOKEN!,
        JWT_SECRET!,
        ROBOT_API_KEY!,
        stack.databaseUrl,
      ],
    };
  });
  afterAll(() => system.close(), 60_000);
  afterEach(() => {
    // A process that falls over is started again; the test must not pass over it.
    expect(system.notices.filter((notice) => /exit|crash|restart/i.test(notice))).toEqual([]);
  });

  it('refuses every hostile value of every field by its name', async () => {
    await expectRefused(target, requests.fields, { atLeast: 1_000 });
  });

  it('refuses bodies that are wrong as a whole or called something else', async () => {
    await expectRefused(target, [...requests.bodies, ...requests.contentTypes], { atLeast: 400 });
  });

  it('refuses hostile, repeated and badly encoded parameters by their name', async () => {
    await expectRefused(target, requests.parameters, { atLeast: 200 });
  });

  it('refuses every credential that is not the caller’s, and malformed headers', async () => {
    await expectRefused(target, requests.headers, { atLeast: 500 });
  });

  it('answers 404 or 405 to what nobody offers', async () => {
    await expectRefused(target, requests.routes, { atLeast: 100 });
  });

  it(`holds all of that for any mixture of good and bad (FC_SEED=${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(requests.random, async (bad) => {
        const fault = await faultOf(target, bad);
        if (fault !== undefined) throw new Error(fault);
      }),
      { seed: SEED, numRuns: 150, interruptAfterTimeLimit: 15_000 },
    );
  });

  it('lets nobody past a service’s own paths to its metrics, its documents or another service', async () => {
    for (const path of ['/metrics', '/openapi.json', '/healthz', '/robot/free']) {
      for (const way of ['/queue/..', '/queue/%2e%2e', '/queue/..%2f..', '/queue//..', '/queue/arm1/..;']) {
        const answer = await send(target.url, { method: 'GET', target: way + path, headers: [] });
        expect([way + path, [400, 404].includes(answer.status), answer.status]).toEqual([
          way + path,
          true,
          answer.status,
        ]);
      }
    }
  });
});
