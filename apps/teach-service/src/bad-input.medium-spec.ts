import { randomInt, randomUUID } from 'node:crypto';
import {
  badRequests,
  expectRefused,
  faultOf,
  fingerprinter,
  waitFor,
  type BadInputTarget,
  type BadRequests,
  type OpenApiDocument,
} from '@teleop/testing';
import fc from 'fast-check';
import { setupService, type Service } from './testing/service.spec-support';

/** Set FC_SEED to repeat a run of the random requests; their seed is in the name of the test. */
const SEED = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));

// Thousands of requests, on a machine that other tests share.
jest.setTimeout(120_000);

describe('teach-service under bad input', () => {
  let service: Service;
  let requests: BadRequests;
  let target: BadInputTarget;

  beforeAll(async () => {
    // Nothing but requests changes the database while this runs.
    service = await setupService({ env: { EXECUTION_SWEEP_MS: '3600000' } });
    const url = service.replicas[0]!.url;
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;
    const { JWT_SECRET, INTERNAL_API_TOKEN } = service.config;
    const nobody = randomUUID();
    requests = badRequests({
      document,
      good: {
        missionId: nobody,
        executionId: nobody,
        sessionId: nobody,
        robotId: 'table1',
        name: 'Fetch',
        missionName: 'Fetch',
        description: 'text',
        steps: [],
        scope: { nodeIds: [], pathIds: [] },
        status: 'DRAFT',
        limit: 10,
        cursor: '1',
        format: 'vda5050',
        from: '2026-01-01T00:00:00Z',
        to: '2026-01-02T00:00:00Z',
        'if-match': '"1"',
      },
      alsoGood: { status: ['QUEUED'], cursor: ['1-1'] },
      credentials: { bearer: `Bearer ${service.jwt('Operator')}` },
      wrongCredentials: {
        'a JWT of no known role': `Bearer ${service.jwt('Root')}`,
        'the secret of the JWTs': `Bearer ${JWT_SECRET}`,
        'the token of our own services': `Bearer ${INTERNAL_API_TOKEN}`,
      },
    });
    target = {
      url,
      fingerprint: await fingerprinter(service.pool, 'teach', {}),
      // What good requests among them announce is on its way for a moment.
      settle: async () => {
        await waitFor('an empty outbox', async () => {
          const { rows } = await service.pool.query('SELECT 1 FROM teach.outbox LIMIT 1');
          return rows.length === 0;
        });
      },
      ownCodes: new Set([
        'mission_not_draft',
        'mission_not_published',
        'robot_offline',
        'robot_unknown',
        'robot_already_teaching',
        'session_not_startable',
        'traffic_lock_conflict',
      ]),
      secrets: [JWT_SECRET, INTERNAL_API_TOKEN, service.env.DATABASE_URL],
    };
  });

  afterAll(() => service.close());

  it('refuses every hostile value of every field by its name, and takes what the document allows', async () => {
    await expectRefused(target, requests.fields, { atLeast: 100 });
  });

  it('refuses bodies that are no JSON object, not JSON at all, or called something else', async () => {
    await expectRefused(target, [...requests.bodies, ...requests.contentTypes], { atLeast: 50 });
  });

  it('refuses hostile parameters, credentials that are not the caller’s, and what it does not offer', async () => {
    await expectRefused(target, [...requests.parameters, ...requests.headers, ...requests.routes], {
      atLeast: 50,
    });
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
});
