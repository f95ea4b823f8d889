import { randomInt } from 'node:crypto';
import {
  badRequests,
  expectRefused,
  faultOf,
  fingerprinter,
  type BadInputTarget,
  type BadRequests,
  type OpenApiDocument,
} from '@teleop/testing';
import fc from 'fast-check';
import { setupService, type Service } from './testing/service.spec-support';

/** Set FC_SEED to repeat a run of the random requests; their seed is in the name of the test. */
const SEED = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));

describe('pairing-service under bad input', () => {
  let service: Service;
  let requests: BadRequests;
  let target: BadInputTarget;

  beforeAll(async () => {
    // Thousands of requests from one address, and nothing but them changes the database.
    service = await setupService({
      env: {
        PAIR_ADDRESS_BURST: '1000000',
        PAIR_DEVICE_BURST: '1000000',
        PRESENCE_WRITE_MS: '3600000',
        AUDIT_SWEEP_MS: '3600000',
      },
    });
    const document = (await service.call('GET', '/openapi.json')).body as unknown as OpenApiDocument;
    const { JWT_SECRET, INTERNAL_API_TOKEN } = service.config;
    requests = badRequests({
      document,
      good: {
        device_id: 'alpha',
        evm_address: `0x${'ab'.repeat(20)}`,
        name: 'Lobby',
        signature: '00'.repeat(65),
        pairing_token: 'made-up',
        app_connection_id: '00000000-0000-4000-8000-000000000000',
      },
      credentials: { bearer: `Bearer ${service.jwt('Admin')}`, internal: `Bearer ${INTERNAL_API_TOKEN}` },
      wrongCredentials: { 'a JWT of no known role': `Bearer ${service.jwt('Root')}` },
    });
    target = {
      url: service.urlOf(0),
      fingerprint: await fingerprinter(service.pool, 'pairing', {}),
      settle: () => Promise.resolve(),
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
