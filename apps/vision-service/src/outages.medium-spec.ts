import { request } from 'node:http';
import { testPostgres, waitFor, type OwnServer } from '@teleop/testing';
import { frame, setupVision, type VisionSetup } from './service.spec-support';

jest.setTimeout(120_000);

describe('while something is away in the middle of an evaluation', () => {
  let postgres: OwnServer;
  let s: VisionSetup;
  let views: object;
  beforeAll(async () => {
    postgres = await testPostgres();
    s = await setupVision({ postgres });
    views = { cam1: { start: await frame({ left: 2, right: 0 }), end: await frame({ left: 0, right: 2 }) } };
  });
  afterAll(async () => {
    await s.close();
    await postgres.dispose();
  });
  beforeEach(() => {
    s.model.calls.length = 0;
    s.model.knobs.latencyMs = 400;
  });

  const asked = () => waitFor('the model to be asked', () => s.model.pending > 0);
  const eventOf = (id: string) =>
    waitFor('the event', async () => {
      const found = (await s.announced()).filter((event) => event.evaluationId === id);
      return found.length === 1 && found[0];
    });

  it('NATS: it is answered, and announced when NATS is back', async () => {
    const answer = s.compare({ robotId: 'arm1', controlToken: 'nats', views });
    await asked();
    s.nats.kill9();
    const { status, body } = await answer;
    expect([status, body.reward_points]).toEqual([200, 200]);
    await s.nats.restart();
    expect(await eventOf(body.evaluation_id)).toMatchObject({ rewardPoints: 200 });
  });

  it('PostgreSQL, and back before the deadline: it is stored, and the model is not asked twice', async () => {
    const answer = s.compare({ robotId: 'arm1', controlToken: 'postgres', views });
    await asked();
    postgres.kill9();
    await waitFor('the model to have answered', () => s.model.calls.length === 1);
    await postgres.restart();
    const { status, body } = await answer;
    expect([status, body.reward_points, s.model.calls.length]).toEqual([200, 200, 1]);
    await eventOf(body.evaluation_id);
  });

  it('PostgreSQL from the start: 503, and asking again later works', async () => {
    postgres.kill9();
    const away = await s.compare({ robotId: 'arm1', controlToken: 'from-the-start', views });
    expect([away.status, away.body.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    await postgres.restart();
    const again = await waitFor('the database to be found again', async () => {
      const answer = await s.compare({ robotId: 'arm1', controlToken: 'from-the-start', views });
      return answer.status === 200 ? answer : undefined;
    });
    await eventOf(again.body.evaluation_id);
  });

  it('the model: 503, nothing is stored or announced, and asking again later works', async () => {
    const answer = s.compare({ robotId: 'arm1', controlToken: 'model', views });
    await asked();
    s.model.knobs.failureRate = 1;
    s.model.cut();
    expect((await answer).body.code).toBe('VISION_MODEL_UNAVAILABLE');
    expect(
      await s.rows(`SELECT 1 FROM vision.evaluations WHERE token_hash = encode(sha256('model'), 'hex')`),
    ).toEqual([]);
    s.model.knobs.failureRate = 0;
    const again = await s.compare({ robotId: 'arm1', controlToken: 'model', views });
    expect([again.status, again.body.reward_points]).toEqual([200, 200]);
  });

  it('the caller: the evaluation goes on, and is there when he asks again', async () => {
    const leaving = new AbortController();
    const left = fetch(`${s.url}/vision/dolls_compare`, {
      method: 'POST',
      headers: { authorization: `Bearer ${s.config.INTERNAL_API_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ robotId: 'arm1', controlToken: 'left', views }),
      signal: leaving.signal,
    });
    await asked();
    leaving.abort();
    await expect(left).rejects.toThrow();
    await waitFor(
      'it to be stored',
      async () =>
        (await s.rows(`SELECT 1 FROM vision.evaluations WHERE token_hash = encode(sha256('left'), 'hex')`))
          .length === 1,
    );
    const again = await s.compare({ robotId: 'arm1', controlToken: 'left', views });
    expect([again.status, again.body.reward_points, s.model.calls.length]).toEqual([200, 200, 1]);
  });

  it('the caller, in the middle of his upload: nothing is kept of it', async () => {
    const upload = request(`${s.url}/vision/dolls_compare`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${s.config.INTERNAL_API_TOKEN}`,
        'content-type': 'application/json',
        'content-length': String(20 * 1024 * 1024),
      },
    });
    // It is cut off on purpose.
    upload.on('error', () => undefined);
    upload.write('{"views":{"cam1":{"start":"' + 'A'.repeat(1_000_000));
    const held = async () =>
      /^vision_body_bytes\{[^}]*\} (\S+)$/m.exec(await (await fetch(`${s.url}/metrics`)).text())?.[1];
    await waitFor('its bytes to be held', async () => Number(await held()) === 20 * 1024 * 1024);
    upload.destroy();
    await waitFor('them to be given back', async () => (await held()) === '0');
  });
});
