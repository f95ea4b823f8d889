import { randomUUID } from 'node:crypto';
import { teachMissionUpdated, type TeachMissionUpdated } from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { OPERATOR_ID, setupService, step, type Json, type Service } from '../testing/service.spec-support';

const codes = (body: Json): string[] => (body.errors as { code: string }[]).map(({ code }) => code).sort();

describe('missions', () => {
  let service: Service;
  let heard: TeachMissionUpdated[];
  const newsOf = (missionId: string) => heard.filter((news) => news.missionId === missionId);

  beforeAll(async () => {
    service = await setupService({ env: { MISSION_MAX_REFERENCES: '20' } });
    heard = await service.heard(teachMissionUpdated);
    const limits = { hoistMm: { min: 0, max: 500 }, rotateDeg: { min: -90, max: 90 }, maxLinearVelocity: 1 };
    service.robots.robot('arm1', { capabilities: { hasHoist: true, hasRotate: true }, limits });
  });

  afterAll(() => service.close());

  it('begin as drafts of version 0, keep only what is known of them, and are announced', async () => {
    const body = { name: 'Fetch', steps: [{ ...step.hoist(100), colour: 'red' }], owner: 'me' };
    const { status, body: made, headers } = await service.post('/missions', body);
    expect(status).toBe(201);
    expect(made).toMatchObject({ status: 'DRAFT', version: 0, createdBy: OPERATOR_ID, description: null });
    expect(made.steps[0]).toEqual({ ...step.hoist(100), stepId: made.steps[0].stepId, schemaVersion: 1 });
    expect(made).not.toHaveProperty('owner');
    expect(headers.get('etag')).toBe('"1"');
    const news = await waitFor('the news of it', () => newsOf(made.missionId)[0]);
    expect(news).toEqual({ missionId: made.missionId, status: 'DRAFT', version: 0, revision: 1 });
  });

  it('say of a draft everything that its steps have wrong, and take it all the same', async () => {
    const bad = [
      { type: 'grip', payload: { target: 'squeeze' } },
      { type: 'dance', requiredTimeSeconds: 1 },
      { type: 'moveToPoint', payload: { destination: { nodeId: 'A', x: 1, y: 2 } } },
      { type: 'hoist', payload: {}, requiredTimeSeconds: -1 },
    ];
    const { missionId, steps, faults } = await service.mission(bad);
    const [grip, dance, move, hoist] = steps.map(({ stepId }) => stepId);
    expect(faults).toEqual([
      expect.objectContaining({
        stepId: grip,
        path: 'steps.0.requiredTimeSeconds',
        code: 'step_time_required',
      }),
      expect.objectContaining({ stepId: grip, path: 'steps.0.payload.target', code: 'step_payload_invalid' }),
      expect.objectContaining({ stepId: dance, path: 'steps.1.type', code: 'step_type_unknown' }),
      expect.objectContaining({
        stepId: move,
        path: 'steps.2.payload.destination',
        code: 'step_payload_invalid',
      }),
      expect.objectContaining({
        stepId: hoist,
        path: 'steps.3.requiredTimeSeconds',
        code: 'step_time_required',
      }),
      expect.objectContaining({
        stepId: hoist,
        path: 'steps.3.payload.targetMm',
        code: 'step_payload_invalid',
      }),
    ]);
    const refused = await service.post(`/missions/${missionId}/publish`);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: faults });
    expect((await service.get(`/missions/${missionId}`)).body).toMatchObject({ status: 'DRAFT', version: 0 });
  });

  it('refuse a body that has not the shape of a mission, by field', async () => {
    const { status, body } = await service.post('/missions', { name: '', steps: [{ type: 7, payload: [] }] });
    expect(status).toBe(400);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['name', 'steps.0.type', 'steps.0.payload']),
    );
    const twin = step.hoist(1);
    const twice = await service.post('/missions', { name: 'x', steps: [twin, twin] });
    expect(twice.body).toMatchObject({ status: 400, errors: [{ path: 'steps.1.stepId' }] });
  });

  it('are changed as a whole or in part, by whoever saw them as they are', async () => {
    const { missionId } = await service.mission([step.hoist(1)]);
    const put = (body: object, ifMatch?: string) =>
      service.call('PUT', `/missions/${missionId}`, body, {
        headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      });
    const renamed = await put({ name: 'Carry', description: 'to the kitchen' }, '"1"');
    expect(renamed.status).toBe(200);
    expect(renamed.headers.get('etag')).toBe('"2"');
    expect(renamed.body).toMatchObject({ name: 'Carry', description: 'to the kitchen', stepCount: 1 });
    for (const stale of ['"1"', 'W/"2"', 'nonsense']) {
      expect((await put({ name: 'Late' }, stale)).body).toMatchObject({ status: 412 });
    }
    expect((await put({ description: null, steps: [] }, '"7", "2"')).body).toMatchObject({
      name: 'Carry',
      description: null,
      steps: [],
    });
    expect((await put({ name: 'Anybody' })).status).toBe(200);
    expect((await put({ name: 'Any revision' }, '*')).status).toBe(200);
    expect(await service.call('PUT', `/missions/${randomUUID()}`, { name: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'MISSION_NOT_FOUND' },
    });
  });

  it('lose no change when many write at once, each having seen the one before', async () => {
    const { missionId } = await service.mission([]);
    const names = Array.from({ length: 10 }, (_, index) => `name ${index}`);
    const answers = await Promise.all(
      names.map((name) =>
        service.call('PUT', `/missions/${missionId}`, { name }, { headers: { 'if-match': '"1"' } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(9);
    const winner = answers.find(({ status }) => status === 200);
    expect((await service.get(`/missions/${missionId}`)).body.name).toBe(winner?.body.name);
  });

  it('are published with what they need all the way down, their time, and one version more', async () => {
    const inner = await service.published([step.telescope(300), step.wait(5)], 'inner');
    const middle = await service.published([step.run(inner.missionId), step.rotate(10)], 'middle');
    const { missionId, steps } = await service.mission([
      step.move('Kitchen'),
      step.run(middle.missionId),
      step.hoist(100),
    ]);
    const { status, body } = await service.post(`/missions/${missionId}/publish`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'PUBLISHED',
      version: 1,
      requiredHasTelescope: true,
      requiredHasRotate: true,
      requiredHasHoist: true,
      requiredHasGrip: false,
      requiredCapabilities: ['hasRotate', 'hasTelescope', 'hasHoist'],
      requiredCapabilitiesJson: {
        hasTelescope: [steps[1]?.stepId],
        hasRotate: [steps[1]?.stepId],
        hasHoist: [steps[2]?.stepId],
      },
      // Its own steps but moveToPoint.
      estimatedActionTimeSeconds: 3,
    });
    await waitFor('the news of it', () => newsOf(missionId).some((news) => news.status === 'PUBLISHED'));
    const again = await service.post(`/missions/${missionId}/publish`, {});
    expect(again.body).toEqual(body);
  });

  it('are refused for all reasons at once: references, robot, limits, and circles', async () => {
    const draft = await service.mission([step.grip('open')], 'a draft');
    const high = await service.published([step.hoist(900)], 'high');
    const { missionId } = await service.mission([]);
    const steps = [
      step.run(missionId),
      step.run(draft.missionId),
      step.run(high.missionId),
      step.run(randomUUID()),
      step.rotate(91),
      step.telescope(10),
      { ...step.hoist(10), requiredTimeSeconds: undefined },
      step.move('Kitchen', { speed: 1.5 }),
    ];
    await service.call('PUT', `/missions/${missionId}`, { steps });
    const { status, body } = await service.post(`/missions/${missionId}/publish`, { robotId: 'arm1' });
    expect(status).toBe(422);
    const found = (body.errors as { stepId: string; code: string; path: string }[]).map(
      ({ stepId, code, path }) => [steps.findIndex((one) => one.stepId === stepId), code, path],
    );
    const reference = (index: number) => `steps.${index}.payload.missionId`;
    expect(found.sort()).toEqual(
      [
        [0, 'missionRef_cycle', reference(0)],
        [1, 'mission_ref_not_published', reference(1)],
        [1, 'capability_missing', reference(1)],
        [2, 'limit_exceeded', reference(2)],
        [3, 'mission_ref_unknown', reference(3)],
        [4, 'limit_exceeded', 'steps.4.payload.targetDeg'],
        [5, 'capability_missing', 'steps.5.type'],
        [6, 'step_time_required', 'steps.6.requiredTimeSeconds'],
        [7, 'limit_exceeded', 'steps.7.payload.speed'],
      ].sort(),
    );
  });

  it('find a circle over several missions, also one that does not lead back here', async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => service.mission([], name)));
    const refer = (from: Json, ...to: Json[]) =>
      service.call('PUT', `/missions/${from.missionId}`, {
        steps: to.map(({ missionId }) => step.run(missionId)),
      });
    await refer(a, b);
    await refer(b, c);
    await refer(c, b);
    const fromOutside = await service.post(`/missions/${a!.missionId}/publish`);
    expect(codes(fromOutside.body)).toEqual(['missionRef_cycle', 'mission_ref_not_published']);
    await refer(c, a);
    const onIt = await service.post(`/missions/${c!.missionId}/publish`);
    expect(codes(onIt.body)).toEqual(['missionRef_cycle', 'mission_ref_not_published']);
  });

  it('never publish a circle, however many publish its parts at once', async () => {
    const ring = await Promise.all(
      Array.from({ length: 4 }, (_, index) => service.mission([], `ring ${index}`)),
    );
    for (const [index, { missionId }] of ring.entries()) {
      const next = ring[(index + 1) % ring.length]!.missionId;
      await service.call('PUT', `/missions/${missionId}`, { steps: [step.run(next)] });
    }
    const answers = await Promise.all(
      ring.map(({ missionId }) => service.post(`/missions/${missionId}/publish`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
  });

  it('follow no more references than are allowed, and run no more steps', async () => {
    let last = (
      await service.published(
        Array.from({ length: 100 }, () => step.wait(1)),
        'leaf',
      )
    ).missionId;
    const wide = await service.mission(Array.from({ length: 11 }, () => step.run(last)));
    const tooLong = await service.post(`/missions/${wide.missionId}/publish`);
    expect(tooLong.body.errors).toEqual([
      expect.objectContaining({ stepId: null, path: 'steps', code: 'limit_exceeded' }),
    ]);
    const long = await service.published(
      [{ ...step.wait(1), payload: { note: 'x'.repeat(100_000) } }],
      'long',
    );
    const heavy = await service.mission(Array.from({ length: 6 }, () => step.run(long.missionId)));
    const tooHeavy = await service.post(`/missions/${heavy.missionId}/publish`);
    expect(tooHeavy.body.errors).toEqual([
      expect.objectContaining({
        path: 'steps',
        code: 'limit_exceeded',
        message: expect.stringContaining('bytes'),
      }),
    ]);
    for (let depth = 0; depth < 20; depth += 1) last = (await service.published([step.run(last)])).missionId;
    const deep = await service.mission([step.run(last)]);
    const tooDeep = await service.post(`/missions/${deep.missionId}/publish`);
    expect(codes(tooDeep.body)).toEqual(['limit_exceeded']);
  });

  it('are not published for a robot that does not exist, nor while robots cannot be asked about', async () => {
    const { missionId } = await service.mission([{ type: 'wait' }]);
    const unknown = await service.post(`/missions/${missionId}/publish`, { robotId: 'nobody' });
    expect(unknown.status).toBe(422);
    expect(codes(unknown.body)).toEqual(['robot_unknown', 'step_time_required']);
    const back = service.robots.away();
    const away = await service.post(`/missions/${missionId}/publish`, { robotId: 'arm1' });
    expect(away).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
    await back();
  });

  it('are checked against the robot they were taught on when nobody names another', async () => {
    const { missionId } = await service.mission([step.grip('close')]);
    await service.pool.query('UPDATE teach.mission SET last_teach_robot_id = $2 WHERE mission_id = $1', [
      missionId,
      'arm1',
    ]);
    expect(codes((await service.post(`/missions/${missionId}/publish`)).body)).toEqual([
      'capability_missing',
    ]);
    expect((await service.post(`/missions/${missionId}/publish`, { robotId: 'table1' })).status).toBe(200);
  });

  it('cannot be changed once published; a copy can, goes on with the version, and the old one is archived', async () => {
    const { missionId } = await service.published([step.hoist(1)], 'Version 1');
    const put = await service.call('PUT', `/missions/${missionId}`, { name: 'x' });
    expect(put).toMatchObject({ status: 409, body: { code: 'mission_not_draft' } });
    const copy = await service.post(`/missions/${missionId}/draft`);
    expect(copy.status).toBe(201);
    expect(copy.body).toMatchObject({
      status: 'DRAFT',
      version: 1,
      name: 'Version 1',
      sourceMissionId: missionId,
      stepCount: 1,
      requiredHasHoist: false,
    });
    const second = await service.post(`/missions/${copy.body.missionId}/publish`);
    expect(second.body).toMatchObject({ status: 'PUBLISHED', version: 2 });
    const archived = await service.post(`/missions/${missionId}/archive`);
    expect(archived).toMatchObject({ status: 200, body: { status: 'ARCHIVED', version: 1 } });
    expect((await service.post(`/missions/${missionId}/archive`)).body).toEqual(archived.body);
    expect((await service.post(`/missions/${missionId}/publish`)).body.status).toBe('ARCHIVED');
    const referring = await service.mission([step.run(missionId)]);
    expect(codes((await service.post(`/missions/${referring.missionId}/publish`)).body)).toEqual([
      'mission_ref_not_published',
    ]);
  });

  it('are archived and copied only after they were published', async () => {
    const { missionId } = await service.mission([]);
    for (const action of ['archive', 'draft']) {
      expect(await service.post(`/missions/${missionId}/${action}`)).toMatchObject({
        status: 409,
        body: { code: 'mission_not_published' },
      });
    }
  });

  it('are listed newest first, page by page, by status', async () => {
    const made = [];
    for (let index = 0; index < 5; index += 1)
      made.push((await service.mission([], `page ${index}`)).missionId);
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await service.get(`/missions?status=DRAFT&limit=2${cursor}`);
      seen.push(...body.items.map(({ missionId }: { missionId: string }) => missionId));
      expect(body.items[0]).not.toHaveProperty('steps');
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen.slice(0, 5)).toEqual(made.reverse());
    const archived = await service.get('/missions?status=ARCHIVED');
    expect(new Set(archived.body.items.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['ARCHIVED']),
    );
    expect(archived.body.nextCursor).toBeNull();
  });

  it('are read by anybody who is signed in, and changed by Operators and Admins', async () => {
    const { missionId } = await service.mission([step.hoist(1)]);
    const writes: [string, string, unknown?][] = [
      ['POST', '/missions', { name: 'x' }],
      ['PUT', `/missions/${missionId}`, { name: 'x' }],
      ['POST', `/missions/${missionId}/publish`],
      ['POST', `/missions/${missionId}/archive`],
      ['POST', `/missions/${missionId}/draft`],
    ];
    for (const [method, path, body] of writes) {
      expect((await service.call(method, path, body, { role: 'Viewer' })).status).toBe(403);
      expect((await service.call(method, path, body, { role: null })).status).toBe(401);
    }
    for (const path of ['/missions', `/missions/${missionId}`]) {
      expect((await service.get(path, { role: 'viewer' })).status).toBe(200);
      expect((await service.get(path, { role: null })).status).toBe(401);
    }
    expect((await service.call('POST', '/missions', { name: 'x' }, { role: 'admin' })).status).toBe(201);
  });
});
