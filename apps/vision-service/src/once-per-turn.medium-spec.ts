import { waitFor } from '@teleop/testing';
import { frame, setupVision, type VisionSetup } from './service.spec-support';

jest.setTimeout(60_000);

describe('one evaluation per control token', () => {
  let s: VisionSetup;
  let views: object;
  let other: object;
  beforeAll(async () => {
    s = await setupVision({ replicas: 2, env: { VISION_CLAIM_MS: '1500' } });
    const [start, end] = [await frame({ left: 3, right: 0 }), await frame({ left: 2, right: 1 })];
    views = { cam1: { start, end } };
    other = { cam1: { start, end: await frame({ left: 0, right: 3 }) } };
  });
  afterAll(() => s.close());
  beforeEach(() => {
    s.model.calls.length = 0;
    s.model.knobs.latencyMs = 0;
    s.model.knobs.failureRate = 0;
  });

  const eventsOf = async (evaluationId: string) =>
    (await s.announced()).filter((event) => event.evaluationId === evaluationId);

  it('holds for many at once on two replicas: one looks, all get its answer, one event', async () => {
    s.model.knobs.latencyMs = 300;
    const requests = Array.from({ length: 12 }, (_, index) =>
      s.compare({ robotId: 'arm1', controlToken: 'many', views }, index % 2),
    );
    const answers = await Promise.all(requests);
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    for (const { body } of answers) expect(body).toEqual(answers[0]!.body);
    expect(s.model.calls).toHaveLength(1);
    const { evaluation_id: id } = answers[0]!.body;
    await waitFor('the event', async () => (await eventsOf(id)).length === 1);
    expect(await s.rows('SELECT 1 FROM vision.evaluations WHERE id = $1', [id])).toHaveLength(1);
  });

  it('holds for later, whatever is sent then, on either replica', async () => {
    const first = await s.compare({ robotId: 'arm1', controlToken: 'later', views });
    for (const replica of [0, 1]) {
      const again = await s.compare({ robotId: 'arm1', controlToken: 'later', views: other }, replica);
      expect([again.status, again.body]).toEqual([200, first.body]);
    }
    expect(s.model.calls).toHaveLength(1);
  });

  it('is not held up by a body that is none: its claim is given up, and nobody hears of its faults but its sender', async () => {
    const broken = { cam1: { start: 'AAAA', end: 'AAAA' } };
    const requests = [broken, views, broken, views].map((sent, index) =>
      s.compare({ robotId: 'arm1', controlToken: 'broken first', views: sent }, index % 2),
    );
    const answers = await Promise.all(requests);
    expect(answers.map(({ status }) => status)).toEqual([400, 200, 400, 200]);
    expect(answers[1]!.body).toEqual(answers[3]!.body);
    expect(s.model.calls).toHaveLength(1);
    expect(await s.rows('SELECT 1 FROM vision.claims')).toEqual([]);
    expect((await s.compare({ robotId: 'arm1', controlToken: 'broken alone', views: broken })).status).toBe(
      400,
    );
    expect(await s.rows('SELECT 1 FROM vision.claims')).toEqual([]);
  });

  it('is given over when the replica that evaluates dies: its claim lapses', async () => {
    await s.rows(
      `INSERT INTO vision.claims VALUES (encode(sha256('orphan'), 'hex'), gen_random_uuid(), clock_timestamp() + interval '500 ms')`,
    );
    const answer = await s.compare({ robotId: 'arm1', controlToken: 'orphan', views });
    expect([answer.status, answer.body.reward_points]).toEqual([200, 100]);
    expect(await s.rows('SELECT 1 FROM vision.claims')).toEqual([]);
  });

  it('is kept by one who is slow, as he goes on to renew it', async () => {
    s.model.knobs.latencyMs = 3_500;
    const slow = s.compare({ robotId: 'arm1', controlToken: 'slow', views }, 0);
    await waitFor('the claim', async () => (await s.rows('SELECT 1 FROM vision.claims')).length === 1);
    const second = s.compare({ robotId: 'arm1', controlToken: 'slow', views }, 1);
    expect((await slow).body).toEqual((await second).body);
    expect(s.model.calls).toHaveLength(1);
  });

  it('is taken up by who waited when the first could not reach the model', async () => {
    s.model.knobs.failureRate = 1;
    const first = s.compare({ robotId: 'arm1', controlToken: 'up', views }, 0);
    await waitFor('the claim', async () => (await s.rows('SELECT 1 FROM vision.claims')).length === 1);
    const second = s.compare({ robotId: 'arm1', controlToken: 'up', views }, 1);
    expect((await first).status).toBe(503);
    s.model.knobs.failureRate = 0;
    expect((await second).status).toBe(200);
  });

  it('holds in the database alone: two who evaluated it store one', async () => {
    s.model.knobs.latencyMs = 2_000;
    const first = s.compare({ robotId: 'arm1', controlToken: 'both', views }, 0);
    await waitFor('the claim', async () => (await s.rows('SELECT 1 FROM vision.claims')).length === 1);
    // As if its replica had stood still for longer than its claim holds.
    await s.rows('DELETE FROM vision.claims');
    const second = s.compare({ robotId: 'arm1', controlToken: 'both', views: other }, 1);
    const [one, two] = [await first, await second];
    expect(s.model.calls).toHaveLength(2);
    expect(one.body).toEqual(two.body);
    const rows = await s.rows<{ id: string }>(
      `SELECT id FROM vision.evaluations WHERE token_hash = encode(sha256('both'), 'hex')`,
    );
    expect(rows).toHaveLength(1);
    await waitFor('the event', async () => (await eventsOf(rows[0]!.id)).length === 1);
  });

  it('holds at the very moment the answer is stored: who takes the freed claim finds it', async () => {
    const { body: first } = await s.compare({ robotId: 'arm1', controlToken: 'a moment ago', views });
    const token = `encode(sha256('now'), 'hex')`;
    await s.rows(
      `INSERT INTO vision.claims VALUES (${token}, gen_random_uuid(), clock_timestamp() + interval '1 minute')`,
    );
    const saving = await s.pool.connect();
    await saving.query('BEGIN');
    await saving.query(`UPDATE vision.evaluations SET token_hash = ${token} WHERE id = $1`, [
      first.evaluation_id,
    ]);
    await saving.query(`DELETE FROM vision.claims WHERE token_hash = ${token}`);
    const second = s.compare({ robotId: 'arm1', controlToken: 'now', views: other });
    await waitFor(
      'it to wait for the claim',
      async () =>
        (await s.rows(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'take_up'`))
          .length === 1,
    );
    await saving.query('COMMIT');
    saving.release();
    expect((await second).body).toEqual(first);
    expect(s.model.calls).toHaveLength(1);
    expect(await s.rows('SELECT 1 FROM vision.claims')).toEqual([]);
  });
});
