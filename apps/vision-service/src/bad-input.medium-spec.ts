import { randomInt } from 'node:crypto';
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
import { frame, setupVision, type VisionSetup } from './service.spec-support';

/** Set FC_SEED to repeat a run of the random requests; their seed is in the name of the test. */
const SEED = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));

const COUNTS = { left: 1, right: 0 };

// Many requests, on a machine that other tests share.
jest.setTimeout(120_000);

describe('vision-service under bad input', () => {
  let s: VisionSetup;
  let requests: BadRequests;
  let target: BadInputTarget;

  beforeAll(async () => {
    // What is tried is made for the usual limit.
    s = await setupVision({
      env: { VISION_MAX_BODY_BYTES: String(256 * 1024) },
      // Requests that are good after all are judged; looking at their pictures takes most of the time.
      model: { answer: () => ({ start: COUNTS, end: COUNTS, moved: { l_to_r: 0, r_to_l: 0 } }) },
    });
    const view = await frame({ left: 1, right: 0 }, { format: 'webp' });
    const views = { cam1: { start: view, end: view } };
    const { body } = await s.compare({ robotId: 'arm1', controlToken: 'x', views });
    const { INTERNAL_API_TOKEN, JWT_SECRET } = s.config;
    requests = badRequests({
      document: (await s.call('GET', '/openapi.json')).body as OpenApiDocument,
      good: { views, robotId: 'arm1', controlToken: 'x', id: body.evaluation_id },
      credentials: { internal: `Bearer ${INTERNAL_API_TOKEN}` },
      wrongCredentials: { 'the secret of the JWTs': `Bearer ${JWT_SECRET}` },
    });
    const fingerprint = await fingerprinter(s.pool, 'vision', {});
    target = {
      url: s.url,
      fingerprint,
      settle: async () => {
        await waitFor(
          'an empty outbox',
          async () => (await s.rows('SELECT 1 FROM vision.outbox LIMIT 1')).length === 0,
        );
      },
      secrets: [INTERNAL_API_TOKEN, JWT_SECRET, s.config.OPENAI_API_KEY!, s.database.url],
      family: (problem) =>
        problem['success'] === false && problem['error'] === problem['detail']
          ? []
          : ['not success: false with error = detail'],
    };
  });
  afterAll(() => s.close());

  it('refuses every hostile value of every field by its name', async () => {
    await expectRefused(target, requests.fields, { atLeast: 50 });
  });

  it('refuses bodies that are wrong as a whole or called something else', async () => {
    await expectRefused(target, [...requests.bodies, ...requests.contentTypes], { atLeast: 20 });
  });

  it('refuses hostile and badly encoded parameters', async () => {
    await expectRefused(target, requests.parameters, { atLeast: 10 });
  });

  it('refuses every credential that is not the caller’s, and malformed headers', async () => {
    await expectRefused(target, requests.headers, { atLeast: 20 });
  });

  it('answers 404 or 405 to what nobody offers', async () => {
    await expectRefused(target, requests.routes, { atLeast: 10 });
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
