import { request } from 'node:http';
import { waitFor } from '@teleop/testing';
import { frame, setupVision, type VisionSetup } from './service.spec-support';

jest.setTimeout(60_000);

const COUNTS = { left: 1, right: 0 };
const BUDGET = 1024 * 1024;

describe('the deadline of a whole request', () => {
  let s: VisionSetup;
  let views: object;
  beforeAll(async () => {
    const answer = () => ({ start: COUNTS, end: COUNTS, moved: { l_to_r: 0, r_to_l: 0 } });
    s = await setupVision({
      env: { VISION_BODY_BUDGET_BYTES: String(BUDGET), VISION_REQUEST_TIMEOUT_MS: '4000' },
      model: { answer, knobs: { latencyMs: 3_000 } },
    });
    const view = await frame(COUNTS);
    views = { cam1: { start: view, end: view } };
  });
  afterAll(() => s.close());

  const metric = async (name: string) =>
    Number(
      new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(
        await (await fetch(`${s.url}/metrics`)).text(),
      )?.[1],
    );

  it('is long enough for this model', async () => {
    expect((await s.compare({ robotId: 'arm1', views })).status).toBe(200);
  });

  it('has begun when the body waits for its place', async () => {
    const headers = {
      authorization: `Bearer ${s.config.INTERNAL_API_TOKEN}`,
      'content-type': 'application/json',
      'content-length': String(BUDGET),
    };
    const inTheWay = request(`${s.url}/vision/dolls_compare`, { method: 'POST', headers });
    // It is cut off on purpose.
    inTheWay.on('error', () => undefined);
    inTheWay.write('{');
    await waitFor('all places to be taken', async () => (await metric('vision_body_bytes')) === BUDGET);
    const answer = s.compare({ robotId: 'arm1', views });
    await waitFor('it to wait', async () => (await metric('vision_bodies_waiting')) === 1);
    const began = performance.now();
    await waitFor('less time to be left than the model takes', () => performance.now() - began > 1_500);
    inTheWay.destroy();
    const { status, body } = await answer;
    expect([status, body.code]).toEqual([503, 'VISION_MODEL_UNAVAILABLE']);
  });
});
