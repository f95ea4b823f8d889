import { createHash, randomBytes } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { frame, setupVision, type VisionSetup } from './service.spec-support';

jest.setTimeout(60_000);

describe('POST /vision/dolls_compare', () => {
  let s: VisionSetup;
  let full: string;
  let moved: string;
  beforeAll(async () => {
    s = await setupVision();
    full = await frame({ left: 3, right: 0 });
    moved = await frame({ left: 1, right: 2 });
  });
  afterAll(() => s.close());
  beforeEach(() => (s.model.calls.length = 0));

  it('pays 100 points for each doll that was moved, after one look at each camera', async () => {
    const still = await frame({ left: 2, right: 2 });
    const answer = await s.compare({
      robotId: 'arm1',
      controlToken: 'turn-1',
      views: { cam1: { start: full, end: [moved] }, cam2: { start: [still], end: still } },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      success: true,
      status: 'success',
      model: 'gpt-5.1-mini',
      success_count: 2,
      reward_points: 200,
      abnormal: false,
      reason: null,
      prompt_version: 'trays-1',
      views: {
        cam1: { start: { left: 3, right: 0 }, end: { left: 1, right: 2 } },
        cam2: { start: { left: 2, right: 2 }, end: { left: 2, right: 2 } },
      },
      attempts: [
        {
          strategy: 'pairwise_first_frame',
          model: 'gpt-5.1-mini',
          moved: { cam1: { l_to_r: 2, r_to_l: 0 }, cam2: { l_to_r: 0, r_to_l: 0 } },
          abnormal: false,
          success_count: 2,
        },
      ],
      usage: { calls: 2 },
    });
    expect(answer.body.usage.cost_usd).toBeGreaterThan(0);
    expect(s.model.calls).toHaveLength(2);
  });

  it('announces it once, with the token’s hash and the final counts', async () => {
    const views = { cam1: { start: full, end: moved } };
    const { body } = await s.compare({ robotId: 'arm2', controlToken: 'turn-2', views });
    const tokenHash = createHash('sha256').update('turn-2').digest('hex');
    const event = await waitFor('the event', async () =>
      (await s.announced()).find((announced) => announced.tokenHash === tokenHash),
    );
    expect(event).toEqual({
      evaluationId: body.evaluation_id,
      robotId: 'arm2',
      tokenHash,
      status: 'success',
      successCount: 2,
      rewardPoints: 200,
      views: body.views,
    });
  });

  it('without a token announces nothing, and judges again each time', async () => {
    const request = { robotId: 'arm1', views: { cam1: { start: full, end: moved } } };
    const [first, second] = [await s.compare(request), await s.compare(request)];
    expect(first.body.reward_points).toBe(200);
    expect(first.body.evaluation_id).not.toBe(second.body.evaluation_id);
    expect(await s.rows('SELECT 1 FROM vision.evaluations WHERE token_hash IS NULL')).toHaveLength(2);
    expect(
      await s.rows(`SELECT 1 FROM vision.outbox WHERE payload->>'evaluationId' = $1`, [
        first.body.evaluation_id,
      ]),
    ).toEqual([]);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('looks at %s, with a data: prefix or without', async (format) => {
    const start = await frame({ left: 2, right: 1 }, { format, scene: 'acrylic-box' });
    const end = `data:image/${format};base64,${await frame({ left: 1, right: 2 }, { format, scene: 'acrylic-box' })}`;
    const { body } = await s.compare({ robotId: 'arm3', views: { cam1: { start: [start], end: [end] } } });
    expect(body).toMatchObject({ success_count: 1, prompt_version: 'acrylic-box-1' });
  });

  it('mixes formats and numbers of frames, 1 to 5 and more', async () => {
    const png = await frame({ left: 1, right: 2 }, { format: 'png' });
    const { status, body } = await s.compare({
      robotId: 'arm1',
      views: { cam1: { start: Array(7).fill(full), end: [png, moved] }, cam2: { start: moved, end: png } },
    });
    expect([status, body.success_count]).toEqual([200, 2]);
  });

  it('can be audited: what was answered, and which frames it was about', async () => {
    const { body } = await s.compare({
      robotId: 'arm1',
      controlToken: 'audit',
      views: { cam1: { start: full, end: moved } },
    });
    const audit = await s.call('GET', `/vision/evaluations/${body.evaluation_id}`);
    expect(audit.status).toBe(200);
    const sha256 = createHash('sha256').update(Buffer.from(full, 'base64')).digest('hex');
    expect(audit.body).toMatchObject({
      ...body,
      robotId: 'arm1',
      token_hash: createHash('sha256').update('audit').digest('hex'),
      frames: {
        cam1: { start: [{ kind: 'image/jpeg', bytes: Buffer.from(full, 'base64').length, sha256 }] },
      },
    });
    for (const id of ['00000000-0000-4000-8000-000000000000', 'nonsense']) {
      const missing = await s.call('GET', `/vision/evaluations/${id}`);
      expect([missing.status, missing.body.code]).toEqual([404, 'EVALUATION_NOT_FOUND']);
    }
  });

  it('has cameras by whatever names the robot gives them, all the way to the event', async () => {
    const names = ['cam 1', 'カメラ１', 'a.b[0]', `it's "1" \\`, '<b>', '😀'.repeat(64), 'toString'];
    const views = Object.fromEntries(names.map((name) => [name, { start: full, end: moved }]));
    const { status, body } = await s.compare({ robotId: 'arm1', controlToken: 'names', views });
    expect([status, body.success_count]).toEqual([200, 2 * names.length]);
    expect(Object.keys(body.views).sort()).toEqual([...names].sort());
    const audit = await s.call('GET', `/vision/evaluations/${body.evaluation_id}`);
    expect(Object.keys(audit.body.frames).sort()).toEqual([...names].sort());
    const event = await waitFor('the event', async () =>
      (await s.announced()).find(({ evaluationId }) => evaluationId === body.evaluation_id),
    );
    expect(event.views).toEqual(body.views);
  });

  it('is for internal callers alone, and keeps nothing of what others send', async () => {
    const body = JSON.stringify({ robotId: 'arm1', views: { cam1: { start: 'x'.repeat(3e6), end: 'y' } } });
    for (const authorization of ['', 'Bearer wrong', 'Basic dev-internal-token']) {
      const refused = await s.call('POST', '/vision/dolls_compare', body, { authorization });
      expect([refused.status, refused.body.code, refused.body.success]).toEqual([401, 'UNAUTHORIZED', false]);
      expect((await s.call('GET', '/vision/evaluations/1', undefined, { authorization })).status).toBe(401);
    }
  });

  it.each<[string, object, string]>([
    ['no views', { robotId: 'arm1' }, 'views'],
    ['views that are a list', { robotId: 'arm1', views: [] }, 'views'],
    ['no camera', { robotId: 'arm1', views: {} }, 'views'],
    ['no robot', { views: { cam1: { start: 'x', end: 'x' } } }, 'robotId'],
    ['an odd robot', { robotId: 'arm 1', views: { cam1: { start: 'x', end: 'x' } } }, 'robotId'],
    [
      'an empty token',
      { robotId: 'arm1', controlToken: '', views: { cam1: { start: 'x', end: 'x' } } },
      'controlToken',
    ],
    [
      'a name with a control character',
      { robotId: 'arm1', views: { 'a\u0007': { start: 'x', end: 'x' } } },
      'views',
    ],
    ['no end', { robotId: 'arm1', views: { front: { start: 'x' } } }, 'views.front.end'],
    ['no start', { robotId: 'arm1', views: { front: { end: [] } } }, 'views.front.start'],
    ['an empty list', { robotId: 'arm1', views: { front: { start: [], end: 'x' } } }, 'views.front.start'],
    [
      'no image',
      { robotId: 'arm1', views: { front: { start: ['aGVsbG8='], end: 'x' } } },
      'views.front.start[0]',
    ],
    ['a number', { robotId: 'arm1', views: { front: { start: 7, end: 'x' } } }, 'views.front.start'],
    [
      'large nonsense',
      { robotId: 'arm1', views: { front: { start: 'x', end: 'é?'.repeat(1e5) } } },
      'views.front.end',
    ],
  ])('refuses %s by name', async (_, body, path) => {
    const { status, body: problem } = await s.compare(body);
    expect([status, problem.code, problem.success, problem.error]).toEqual([
      400,
      'VALIDATION_FAILED',
      false,
      problem.detail,
    ]);
    expect(problem.errors.map((fault: { path: string }) => fault.path)).toContain(path);
    expect(s.model.calls).toEqual([]);
  });

  it.each<[string, string]>([
    ['is not JSON', '{"views":'],
    ['is empty', ''],
    ['holds __proto__', '{"__proto__":{"views":{}},"robotId":"arm1","views":{}}'],
    ['has too much besides frames', `{"robotId":"arm1","views":{},"junk":[${'1,'.repeat(6e5)}1]}`],
  ])('refuses a body that %s', async (_, body) => {
    const { status, body: problem } = await s.call('POST', '/vision/dolls_compare', body, {
      'content-type': 'application/json',
    });
    expect([status, problem.code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('refuses other types', async () => {
    const { status } = await s.call('POST', '/vision/dolls_compare', 'x=1', { 'content-type': 'text/plain' });
    expect(status).toBe(415);
  });

  it('takes 40 MiB and not a byte more', async () => {
    const limit = s.config.VISION_MAX_BODY_BYTES;
    // A picture with as much behind its end as it takes: decoders stop at the end.
    const envelope = JSON.stringify({ robotId: 'arm1', views: { cam1: { start: full, end: [full, ''] } } });
    const room = limit - envelope.length;
    const png = Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      randomBytes(Math.floor((room * 3) / 4) - 12),
    ]);
    const text = png.toString('base64');
    const body = envelope.replace('""', `"${text}"`);
    const largest = body + ' '.repeat(limit - body.length);
    const taken = await s.call('POST', '/vision/dolls_compare', largest, {
      'content-type': 'application/json',
    });
    expect([taken.status, taken.body.status]).toEqual([200, 'failed']);
    const refused = await s.call('POST', '/vision/dolls_compare', `${largest} `, {
      'content-type': 'application/json',
    });
    expect([refused.status, refused.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    // Its length untold, it is found out on the way.
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(`${largest} `));
        controller.close();
      },
    });
    const untold = await fetch(`${s.url}/vision/dolls_compare`, {
      method: 'POST',
      headers: { authorization: `Bearer ${s.config.INTERNAL_API_TOKEN}`, 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    });
    expect(untold.status).toBe(413);
  });

  it('is told in numbers', async () => {
    const text = await (await fetch(`${s.url}/metrics`)).text();
    for (const name of [
      'vision_evaluations_total{status="success",model="gpt-5.1-mini"',
      'vision_attempts_total{strategy="pairwise_first_frame"',
      'vision_tokens_total{model="gpt-5.1-mini",direction="input"',
      'vision_cost_usd_total{model="gpt-5.1-mini"',
      'vision_model_call_seconds_count{',
      'vision_body_bytes',
    ]) {
      expect(text).toContain(name);
    }
    // Nothing is held when nothing is asked.
    expect(text).toMatch(/^vision_body_bytes\{[^}]*\} 0$/m);
  });

  it('describes itself', async () => {
    const { body: document } = await s.call('GET', '/openapi.json');
    expect(Object.keys(document.paths)).toEqual(['/vision/dolls_compare', '/vision/evaluations/{id}']);
    expect(document.components.schemas.DollsCompareAnswer.required).toEqual(
      expect.arrayContaining([
        'success',
        'status',
        'model',
        'views',
        'success_count',
        'reward_points',
        'attempts',
      ]),
    );
  });
});
