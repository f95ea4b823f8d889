import { randomInt } from 'node:crypto';
import { CameraServer } from '@teleop/sim-cameras';
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
import { EMBEDDINGS_PATH } from './embeddings/photo-body';
import { room } from './testing/room.spec-support';
import { waitFor } from './testing/wait-for.spec-support';
import { sessionBody, setupRecognition, type Recognition } from './testing/service.spec-support';

/** Set FC_SEED to repeat a run of the random requests; their seed is in the name of the test. */
const SEED = Number(process.env['FC_SEED'] ?? randomInt(2 ** 31));

describe('recognition-service under bad input', () => {
  let s: Recognition;
  let requests: BadRequests;
  let target: BadInputTarget;

  let cameras: CameraServer;

  beforeAll(async () => {
    cameras = new CameraServer({ cameras: [{ name: 'empty', scene: await room([]), fps: 2 }] });
    // What is tried is made for the usual limit. As many rooms as may be are scanned already: a good request is told so.
    const env = {
      RECOGNITION_MAX_BODY_BYTES: String(256 * 1024),
      MAX_SESSIONS: '1',
      CAMERA_HOSTS: '127.0.0.0/8',
      // Nor is one that this many requests held up for a while connected anew, which would be told.
      CAMERA_SILENCE_MS: '600000',
    };
    [s] = await Promise.all([
      setupRecognition({ env: { ...env, CAMERA_MAX_TRIALS: '100', HOST_LOOKUP_MS: '200' } }),
      cameras.start(),
    ]);
    const { RECOGNITION_API_KEY, INTERNAL_API_TOKEN, JWT_SECRET } = s.config;
    const rtspUrl = cameras.httpUrl('empty');
    const wish = { students: [1], cameras: [{ id: 1, rtspUrl }], callbackUrl: s.backend.callbackUrl };
    expect((await s.process(sessionBody({ ...wish, slotId: 77_777 }))).status).toBe(200);
    const document = (await s.call('GET', '/openapi.json')).body as OpenApiDocument;
    // A form, of which these requests know nothing; see embeddings.medium-spec.
    const { [EMBEDDINGS_PATH]: _form, ...paths } = document.paths;
    requests = badRequests({
      document: { ...document, paths },
      good: {
        ...sessionBody({ ...wish, slotId: 5 }),
        // A camera that is not there is quickly looked at.
        ...{
          rtspUrl: 'http://127.0.0.1:1/x',
          timeout: '1',
          userId: '1',
          file: 'x.jpg',
          expires: '1',
          signature: 'x',
        },
      },
      credentials: { apiKey: RECOGNITION_API_KEY },
      wrongKeys: { 'the token of other services': INTERNAL_API_TOKEN },
    });
    target = {
      url: s.url,
      fingerprint: await fingerprinter(s.pool, 'recognition', { sessions: ['lease_until', 'live'] }),
      // The session that runs tells of its camera when it likes.
      settle: async () => {
        await waitFor(
          'an empty outbox',
          async () => (await s.rows('SELECT 1 FROM recognition.outbox LIMIT 1')).length === 0,
        );
      },
      secrets: [RECOGNITION_API_KEY, INTERNAL_API_TOKEN, JWT_SECRET, s.database.url],
      family: (problem) => (problem['message'] === problem['detail'] ? [] : ['no message']),
    };
  });
  afterAll(async () => {
    await s.close();
    await cameras.stop();
  });

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
      { seed: SEED, numRuns: 60, interruptAfterTimeLimit: 40_000 },
    );
  });
});
