import { randomUUID } from 'node:crypto';
import { trafficAcquire, trafficRelease } from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { sleep } from '../testing/clients.spec-support';
import { hoist, node, pause, setupTasks, type FakeRobot, type TaskWorld } from './robots.spec-support';

/** Home – A – B – C, ten metres each, at 1 m/s; and the long way round from Home to C. */
const MAP = {
  name: 'corridor',
  nodes: ['Home', 'A', 'B', 'C', 'Far'].map((id, index) => ({
    id,
    x: index < 4 ? index * 10 : 15,
    y: index < 4 ? 0 : 40,
  })),
  paths: [
    { id: 'p1', from: 'Home', to: 'A' },
    { id: 'p2', from: 'A', to: 'B' },
    { id: 'p3', from: 'B', to: 'C' },
    { id: 'p4', from: 'Home', to: 'Far' },
    { id: 'p5', from: 'Far', to: 'C' },
  ],
};

describe('finding a robot for a task, two replicas at once', () => {
  let w: TaskWorld;
  beforeAll(async () => {
    w = await setupTasks({ replicas: 2 });
    const set = await w.api.call('PUT', '/api/v1/robots/map', { body: MAP, headers: w.admin.headers });
    expect(set.status).toBe(200);
    await waitFor(
      'the map on both',
      async () => (await w.api.get('/api/v1/robots/map', w.admin, 1)).status === 200,
    );
  });
  afterAll(() => w.close());

  /** Robots of an earlier test stay out of the way: they do not report themselves idle. */
  let robots: FakeRobot[] = [];
  const robot = async (options: Parameters<TaskWorld['newRobot']>[0]): Promise<FakeRobot> => {
    const made = await w.newRobot(options);
    robots.push(made);
    return made;
  };
  afterEach(async () => {
    for (const { robotId } of robots) await w.api.delete(`/api/v1/robots/${robotId}`, w.admin);
    robots = [];
  });
  const idOf = ({ ok, refused }: { ok?: { taskId: string }; refused?: unknown }): string => {
    if (ok === undefined) throw new Error(JSON.stringify(refused));
    return ok.taskId;
  };

  it('takes the idle robot that would be done first, and has it drive along the map', async () => {
    const far = await robot({ at: 'Home' });
    const near = await robot({ at: 'A', replica: 1 });
    const busy = await robot({ at: 'B' });
    await busy.report({ driveMode: 'NAVIGATING' });
    await waitFor('busy on both', async () => {
      const answer = await w.api.get(`/api/v1/robots/${busy.robotId}`, w.admin, 1);
      return answer.body.lastState.driveMode === 'NAVIGATING';
    });
    const taskId = idOf(await w.create([node('B')]));
    expect(await w.reaches(taskId, 'DONE')).toMatchObject({ robotId: near.robotId });
    // 10 s on the way, twice that and 10 s more.
    expect(near.started[0]).toMatchObject({ path: ['A', 'B'], timeoutSeconds: 30 });
    expect(far.started).toHaveLength(0);
  });

  it('takes only robots that have what the steps need, and may go as far', async () => {
    await robot({ at: 'A' });
    await robot({ at: 'A', capabilities: { hasHoist: true }, limits: { hoistMm: { min: 0, max: 200 } } });
    const able = await robot({ at: 'C', capabilities: { hasHoist: true } });
    const taskId = idOf(await w.create([node('A'), hoist(500)]));
    expect((await w.reaches(taskId, 'DONE')).robotId).toBe(able.robotId);
  });

  it('refuses what no robot could do, saying what is wrong', async () => {
    const plain = await robot({});
    const hoister = await robot({
      capabilities: { hasHoist: true },
      limits: { hoistMm: { min: 0, max: 200 } },
    });
    const away = await robot({ online: false });
    const codes = async (answer: ReturnType<typeof w.create>) => (await answer).refused;
    const named = (of: FakeRobot) => ({ robotId: of.robotId });
    expect((await codes(w.create([pause()], { robotId: 'nobody' })))?.code).toBe('robot_unknown');
    expect((await codes(w.create([pause()], named(away))))?.code).toBe('robot_offline');
    expect(await codes(w.create([hoist(1)], named(plain)))).toMatchObject({
      code: 'capability_missing',
      detail: expect.stringContaining('hasHoist'),
    });
    expect(await codes(w.create([hoist(201)], named(hoister)))).toMatchObject({
      code: 'limit_exceeded',
      detail: expect.stringContaining('0..200'),
    });
    expect((await codes(w.create([hoist(201)])))?.code).toBe('limit_exceeded');
    expect((await codes(w.create([pause()], { requiredCapabilities: ['hasGrip'] })))?.code).toBe(
      'capability_missing',
    );
    expect(await codes(w.create([pause(), { ...hoist(1), payload: { targetMm: '1' } }]))).toMatchObject({
      code: 'step_payload_invalid',
      detail: expect.stringContaining('steps.1.payload.targetMm'),
    });
  });

  it('lets no task that nobody can serve now hold up another', async () => {
    const busy = await robot({ mode: 'acks' });
    const first = idOf(await w.create([pause()], { robotId: busy.robotId }));
    await busy.order(1);
    const waits = idOf(await w.create([pause()], { robotId: busy.robotId }));
    const other = await robot({});
    const goes = idOf(await w.create([pause()]));
    expect((await w.reaches(goes, 'DONE')).robotId).toBe(other.robotId);
    expect((await w.get(waits)).status).toBe('QUEUED');
    await busy.result(busy.started[0]!);
    await w.reaches(first, 'DONE');
    await busy.result(await busy.order(2));
    await w.reaches(waits, 'DONE');
  });

  it('gives many tasks to many robots, each once, never two to one at a time, the oldest first', async () => {
    const fleet = [];
    for (let index = 0; index < 4; index += 1) fleet.push(await robot({ replica: index % 2 }));
    const ids = [];
    for (let index = 0; index < 20; index += 1) ids.push(idOf(await w.create([pause(), pause()])));
    const tasks = [];
    for (const id of ids) tasks.push(await w.reaches(id, 'DONE'));
    const orders = fleet.flatMap(({ started }) => started.map(({ taskId, stepId }) => `${taskId} ${stepId}`));
    expect(orders).toHaveLength(40);
    expect(new Set(orders).size).toBe(40);
    for (const { robotId, started } of fleet) {
      const of = tasks.filter((task) => task.robotId === robotId);
      // One after the other: the order of its steps is that of its tasks.
      expect(started.map(({ taskId }) => taskId)).toEqual(
        [...of]
          .sort((a, b) => Date.parse(a.startedAt!) - Date.parse(b.startedAt!))
          .flatMap(({ taskId }) => [taskId, taskId]),
      );
    }
    const starts = tasks.map(({ startedAt }) => Date.parse(startedAt!));
    // Two replicas may start two neighbours the other way round, but none is passed over.
    for (const [index, at] of starts.entries()) {
      for (const later of starts.slice(index + 4)) expect(later).toBeGreaterThanOrEqual(at);
    }
  });

  it('waits before a step whose way others have locked, and goes when it is free', async () => {
    const one = await robot({ at: 'A', mode: 'acks' });
    const [other] = [await robot({ at: 'Far' })];
    await other.report({ driveMode: 'NAVIGATING' });
    const lockId = randomUUID();
    const lock = { lockId, robotId: other.robotId, scope: { nodeIds: ['B'], pathIds: [] }, ttlSeconds: 60 };
    expect((await w.ask(trafficAcquire, lock)).ok).toBeDefined();
    // Round it where there is a way round,
    const round = idOf(await w.create([node('C')], { robotId: one.robotId }));
    expect(await one.order(1)).toMatchObject({ path: ['A', 'Home', 'Far', 'C'] });
    await one.report({ currentPosition: 'A' });
    await one.result(one.started[0]!);
    await w.reaches(round, 'DONE');
    // and not at all where there is none.
    const taskId = idOf(await w.create([node('B')], { robotId: one.robotId }));
    await waitFor('it to wait', async () => (await w.get(taskId)).reason === 'traffic');
    await waitFor('it to be said', () => w.changesOf(taskId).at(-1)?.reason === 'traffic');
    expect(w.changesOf(taskId).at(-1)).toMatchObject({ status: 'RUNNING', reason: 'traffic' });
    await w.ask(trafficRelease, { lockId });
    expect(await one.order(2)).toMatchObject({ taskId, path: ['A', 'B'] });
    expect(await w.get(taskId)).toMatchObject({ reason: null });
    await one.result(one.started[1]!);
    await w.reaches(taskId, 'DONE');
  });

  it('leaves a robot alone that somebody holds, and takes it when he gives it back', async () => {
    const one = await robot({});
    const query = `?robotId=${one.robotId}`;
    expect((await w.api.post(`/drive/lock${query}`, w.operator)).body.status).toBe('success');
    const taskId = idOf(await w.create([pause()]));
    await sleep(300);
    expect((await w.get(taskId)).status).toBe('QUEUED');
    await w.api.delete(`/drive/lock${query}`, w.operator, 1);
    await w.reaches(taskId, 'DONE');
  });
});
