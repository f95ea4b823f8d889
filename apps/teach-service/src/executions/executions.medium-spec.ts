import { randomUUID } from 'node:crypto';
import {
  teachExecutionUpdated,
  teachPresent,
  type TeachExecutionUpdated,
  type TeachPresent,
} from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { setupService, step, type Json, type Service } from '../testing/service.spec-support';
import { readExecutions } from './sql/read-execution.sql';

describe('executions', () => {
  let service: Service;
  let heard: TeachExecutionUpdated[];
  let mission: Json;

  beforeAll(async () => {
    // Two: sweeps and consumers of both are at it at the same time.
    service = await setupService({
      replicas: 2,
      env: {
        EXECUTION_SWEEP_MS: '50',
        EXECUTION_ASK_MS: '300',
        EXECUTION_ASK_AGAIN_MS: '100',
        EXECUTION_SILENCE_MS: '300',
        EXECUTION_QUESTION_DEAD_MS: '500',
        EXECUTION_TASK_PATIENCE_MS: '2000',
      },
    });
    heard = await service.heard(teachExecutionUpdated);
    const inner = await service.published([step.grip('close'), step.hoist(200)], 'inner');
    mission = await service.published([step.move('Kitchen'), step.run(inner.missionId), step.wait(1)]);
  });

  afterAll(() => service.close());

  const run = async (body: object = {}): Promise<Json> => {
    const answer = await service.post('/executions', { missionId: mission.missionId, ...body });
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  const read = async (executionId: string): Promise<Json> =>
    (await service.get(`/executions/${executionId}`)).body;
  const becomes = (executionId: string, wanted: object): Promise<Json> =>
    waitFor(`execution to be ${JSON.stringify(wanted)}`, async () => {
      const now = await read(executionId);
      return Object.entries(wanted).every(([field, value]) => now[field] === value) && now;
    });

  it('are queued with a task of the mission’s steps, references written out', async () => {
    const execution = await run({ robotId: 'table1' });
    expect(execution).toMatchObject({
      missionId: mission.missionId,
      missionVersion: 1,
      robotId: 'table1',
      status: 'QUEUED',
      totalSteps: 4,
      startedAt: null,
    });
    const { ask } = service.robots.tasks.get(execution.taskId)!;
    expect(ask.steps.map(({ type }) => type)).toEqual(['moveToPoint', 'grip', 'hoist', 'wait']);
    expect(ask).toMatchObject({ robotId: 'table1', requiredCapabilities: ['hasGrip', 'hasHoist'] });
  });

  it('follow their task to its end, and tell every step of the way', async () => {
    const { executionId, taskId } = await run();
    await service.robots.move(taskId, { status: 'RUNNING', robotId: 'table1' });
    expect(await becomes(executionId, { status: 'RUNNING' })).toMatchObject({
      robotId: 'table1',
      finishedAt: null,
    });
    await service.robots.move(taskId, { currentStep: 1, reason: 'traffic' });
    await becomes(executionId, { currentStep: 1, reason: 'traffic' });
    await service.robots.move(taskId, { status: 'DONE', currentStep: 4, reason: null });
    const done = await becomes(executionId, { status: 'DONE' });
    expect(Date.parse(done.finishedAt)).toBeGreaterThanOrEqual(Date.parse(done.startedAt));
    await waitFor('the last of the news', () =>
      heard.some((news) => news.executionId === executionId && news.status === 'DONE'),
    );
    const told = heard.filter((news) => news.executionId === executionId).map(({ status }) => status);
    expect(told.filter((status, index) => status !== told[index - 1])).toEqual(['QUEUED', 'RUNNING', 'DONE']);
  });

  it('never go back: news that come twice, late or after the end change nothing', async () => {
    const { executionId, taskId } = await run();
    const quietly = { announced: false };
    const running = await service.robots.move(taskId, { status: 'RUNNING', robotId: 'table1' }, quietly);
    const second = await service.robots.move(taskId, { currentStep: 2 }, quietly);
    const failed = await service.robots.move(
      taskId,
      { status: 'FAILED', errorCode: 'step_failed', errorMessage: 'gripper stuck' },
      quietly,
    );
    await service.robots.announce(second);
    await becomes(executionId, { currentStep: 2, status: 'RUNNING' });
    await service.robots.announce(running);
    await service.robots.announce(failed);
    const over = await becomes(executionId, { status: 'FAILED' });
    expect(over).toMatchObject({ errorCode: 'step_failed', errorMessage: 'gripper stuck', currentStep: 2 });
    await service.robots.announce({ ...running, version: 99 });
    await service.robots.announce(failed);
    // News of another one, behind them in the stream, have been applied: so have these.
    const other = await run();
    await service.robots.move(other.taskId, { status: 'RUNNING' });
    await becomes(other.executionId, { status: 'RUNNING' });
    expect(await read(executionId)).toEqual(over);
    for (const status of ['QUEUED', 'RUNNING', 'DONE']) {
      const back = service.pool.query(
        'UPDATE teach.mission_execution SET status = $2 WHERE execution_id = $1',
        [executionId, status],
      );
      await expect(back).rejects.toMatchObject({ constraint: 'mission_execution_transition' });
    }
  });

  it('are not begun of a mission that is not published, empty or unknown, or for a robot that is not there', async () => {
    const draft = await service.mission([step.hoist(1)]);
    const empty = await service.published([]);
    service.robots.robot('away1', { connected: false });
    const refused = async (body: object) => {
      const answer = await service.post('/executions', body);
      return [answer.status, answer.body.code];
    };
    const { missionId } = mission;
    expect(await refused({ missionId: draft.missionId })).toEqual([409, 'mission_not_published']);
    expect(await refused({ missionId: empty.missionId })).toEqual([422, 'MISSION_EMPTY']);
    expect(await refused({ missionId: randomUUID() })).toEqual([404, 'MISSION_NOT_FOUND']);
    expect(await refused({ missionId, robotId: 'nobody' })).toEqual([404, 'robot_unknown']);
    expect(await refused({ missionId, robotId: 'away1' })).toEqual([409, 'robot_offline']);
    expect(await refused({ missionId, robotId: 'a.b' })).toEqual([400, 'VALIDATION_FAILED']);
    const { body } = await service.get(`/executions?missionId=${draft.missionId}`);
    expect(body.items).toEqual([]);
  });

  it('fail with what robot-gateway refused their task for', async () => {
    service.robots.refuseTasks = 'capability_missing';
    const execution = await run();
    service.robots.refuseTasks = undefined;
    expect(execution).toMatchObject({ status: 'FAILED', errorCode: 'capability_missing', taskId: null });
  });

  it('get their task once, also when the answer is lost and it is asked for again', async () => {
    service.robots.loseAnswers = true;
    const answered = run();
    await waitFor('the task to be made', () => service.robots.creates.length > 0);
    const asked = () => service.robots.creates.filter(({ missionId }) => missionId === mission.missionId);
    const before = asked().length;
    await waitFor('it to be asked for again', () => asked().length > before + 1);
    service.robots.loseAnswers = false;
    const { executionId } = await answered;
    const linked = await waitFor('the task to be known', async () => {
      const now = await read(executionId);
      return now.taskId !== null && now;
    });
    expect(service.robots.creates.filter(({ taskId }) => taskId === linked.taskId).length).toBeGreaterThan(1);
    expect([...service.robots.tasks.values()].filter(({ ask }) => ask.taskId === linked.taskId)).toHaveLength(
      1,
    );
  });

  it('are begun while robot-gateway is away, and get their task when it is back', async () => {
    const back = service.robots.away();
    const { executionId, status, taskId } = await run();
    expect({ status, taskId }).toEqual({ status: 'QUEUED', taskId: null });
    await back();
    const linked = await waitFor('the task', async () => {
      const now = await read(executionId);
      return now.taskId !== null && now;
    });
    expect(service.robots.tasks.get(linked.taskId)?.ask.steps).toHaveLength(4);
  });

  it('that a process which died left without a task get it from another one', async () => {
    const { executionId, taskId } = await run();
    const { ask } = service.robots.tasks.get(taskId)!;
    // As it is between the two lines: recorded, and nothing asked for.
    service.robots.tasks.delete(taskId);
    await service.pool.query(
      `UPDATE teach.mission_execution SET task_created_at = NULL, task_asked_at = NULL, task_request_json = $2
       WHERE execution_id = $1`,
      [executionId, JSON.stringify(ask)],
    );
    await waitFor('the task to be made', () => service.robots.tasks.has(taskId));
    await becomes(executionId, { taskId });
  });

  it('are given up when robot-gateway takes no task for too long', async () => {
    const back = service.robots.away();
    const { executionId } = await run();
    expect(await becomes(executionId, { status: 'FAILED' })).toMatchObject({ errorCode: 'task_not_created' });
    await back();
  });

  it('are paused and go on between two steps', async () => {
    const { executionId, taskId } = await run({ robotId: 'table1' });
    const command = (action: string) => service.post(`/executions/${executionId}/${action}`);
    expect(await command('pause')).toMatchObject({ status: 409, body: { code: 'EXECUTION_NOT_STARTED' } });
    await service.robots.move(taskId, { status: 'RUNNING' });
    expect(await command('pause')).toMatchObject({
      status: 200,
      body: { status: 'RUNNING', paused: true, reason: 'requested' },
    });
    expect((await command('resume')).body).toMatchObject({ status: 'RUNNING', paused: false, reason: null });
    await service.robots.move(taskId, { status: 'DONE' }, { announced: false });
    expect(await command('pause')).toMatchObject({ status: 409, body: { code: 'EXECUTION_OVER' } });
    expect(await read(executionId)).toMatchObject({ status: 'DONE' });
  });

  it('are canceled with their task, once and for all', async () => {
    const { executionId, taskId } = await run({ robotId: 'table1' });
    await service.robots.move(taskId, { status: 'RUNNING' });
    const canceled = await service.post(`/executions/${executionId}/cancel`);
    expect(canceled).toMatchObject({ status: 200, body: { status: 'CANCELED', paused: false } });
    expect(service.robots.tasks.get(taskId)?.progress.status).toBe('CANCELED');
    expect((await service.post(`/executions/${executionId}/cancel`)).body).toEqual(canceled.body);
    const done = await run();
    await service.robots.move(done.taskId, { status: 'DONE' }, { announced: false });
    expect(await service.post(`/executions/${done.executionId}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'EXECUTION_OVER' },
    });
    expect(await service.post(`/executions/${randomUUID()}/cancel`)).toMatchObject({ status: 404 });
  });

  it('that were canceled before their task was known leave no task running', async () => {
    service.robots.loseAnswers = true;
    const before = new Set(service.robots.tasks.keys());
    const answered = run();
    const taskId = await waitFor('the task to be made', () =>
      [...service.robots.tasks.keys()].find((id) => !before.has(id)),
    );
    const { body } = await service.get('/executions?limit=1');
    const { executionId } = body.items[0];
    expect((await service.post(`/executions/${executionId}/cancel`)).body.status).toBe('CANCELED');
    await waitFor(
      'the task to be canceled',
      () => service.robots.tasks.get(taskId)?.progress.status === 'CANCELED',
    );
    service.robots.loseAnswers = false;
    expect((await answered).status).toBe('CANCELED');
    await waitFor('nothing to be left to do', async () => {
      const { rows } = await service.pool.query(
        'SELECT 1 FROM teach.mission_execution WHERE task_cancel_pending',
      );
      return rows.length === 0;
    });
  });

  it('find out by themselves how their task is when no news come, and fail when nobody knows it', async () => {
    const [quiet, lost] = [await run(), await run()];
    await service.robots.move(quiet.taskId, { status: 'DONE', currentStep: 4 }, { announced: false });
    service.robots.tasks.delete(lost.taskId);
    await becomes(quiet.executionId, { status: 'DONE' });
    expect(await becomes(lost.executionId, { status: 'FAILED' })).toMatchObject({ errorCode: 'task_lost' });
    const texts = service.replicas.map(async ({ url }) => (await fetch(`${url}/metrics`)).text());
    expect((await Promise.all(texts)).join('\n')).toMatch(
      /teach_executions_ended_total\{[^}]*code="task_lost"[^}]*\} 1/,
    );
  });

  it('that are not over, and recordings with their locks, are told to whoever joins', async () => {
    service.robots.robot('joined', {});
    const [mine, over, elsewhere] = [
      await run({ robotId: 'joined' }),
      await run({ robotId: 'joined' }),
      await run({ robotId: 'table1' }),
    ];
    await service.post(`/executions/${over.executionId}/cancel`);
    const teachSessionId = randomUUID();
    const lockId = randomUUID();
    await service.pool.query(
      `INSERT INTO teach.teach_session (teach_session_id, robot_id, status, created_by, created_by_name, owner_id, owner_until,
         traffic_lock_id, recorded, locked_scope_json)
       VALUES ($1, 'joined', 'RECORDING', $2, 'Olga', $2, now() + interval '1 hour', $3, '{[2026-01-01,)}',
         '{"nodeIds": ["A"], "pathIds": []}')`,
      [teachSessionId, randomUUID(), lockId],
    );
    const present = async (ask: object): Promise<TeachPresent> => {
      const reply = await service.robots.nc.request(teachPresent.subject, JSON.stringify(ask), {
        timeout: 5_000,
      });
      return reply.json<{ ok: TeachPresent }>().ok;
    };
    const { sessions, locks, executions } = await present({ robotId: 'joined' });
    expect(sessions).toEqual([{ teachSessionId, robotId: 'joined', status: 'RECORDING' }]);
    const scope = { nodeIds: ['A'], pathIds: [] };
    expect(locks).toEqual([{ teachSessionId, robotId: 'joined', lockId, scope }]);
    const ids = executions.map(({ executionId }) => executionId);
    expect(ids).toContain(mine.executionId);
    expect(ids).not.toContain(over.executionId);
    expect(ids).not.toContain(elsewhere.executionId);
    const all = (await present({})).executions.map(({ executionId }) => executionId);
    expect(all).toEqual(expect.arrayContaining([mine.executionId, elsewhere.executionId]));
  });

  it('are listed newest first, by robot, mission and status', async () => {
    service.robots.robot('listed', {});
    const other = await service.published([step.wait(1)]);
    const mine = [await run({ robotId: 'listed' }), await run({ robotId: 'listed' })];
    const third = await run({ robotId: 'listed', missionId: other.missionId });
    await service.robots.move(mine[0].taskId, { status: 'DONE' });
    await becomes(mine[0].executionId, { status: 'DONE' });
    const listed = async (query: string) => {
      const { body } = await service.get(`/executions?${query}`);
      return body.items.map(({ executionId }: { executionId: string }) => executionId);
    };
    const ids = [...mine, third].map(({ executionId }) => executionId).reverse();
    expect(await listed('robotId=listed')).toEqual(ids);
    expect(await listed(`robotId=listed&missionId=${other.missionId}`)).toEqual([third.executionId]);
    expect(await listed('robotId=listed&status=DONE')).toEqual([mine[0].executionId]);
    expect(await listed(`missionId=${other.missionId}`)).toEqual([third.executionId]);
    expect(await listed('limit=1')).toEqual([third.executionId]);
    // By the robot's own index, in its order: nothing is sorted, and nobody else's history is read.
    // Of a handful of rows the planner would rather sort: it is asked whether it can do without.
    const plan = await service.pool.query<{ 'QUERY PLAN': string }>(
      `BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; EXPLAIN ${readExecutions(
        { robot: true, mission: false },
      )
        .replace('$1', `'listed'`)
        .replaceAll(/\$[234]/g, 'NULL')
        .replace('$5', '50')}; ROLLBACK`,
    );
    const text = JSON.stringify((plan as unknown as (typeof plan)[]).at(-2)?.rows);
    expect(text).toContain('mission_execution_of_robot');
    expect(text).not.toContain('Sort');
    const page = (await service.get('/executions?robotId=listed&limit=2')).body;
    expect(await listed(`robotId=listed&limit=2&cursor=${page.nextCursor}`)).toEqual(ids.slice(2));
  });

  it('are read by anybody who is signed in, and commanded by Operators and Admins', async () => {
    const { executionId } = await run();
    for (const role of ['Viewer', null]) {
      const status = role === null ? 401 : 403;
      const answers = await Promise.all([
        service.post('/executions', { missionId: mission.missionId }, { role }),
        ...['cancel', 'pause', 'resume'].map((action) =>
          service.post(`/executions/${executionId}/${action}`, undefined, { role }),
        ),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([status, status, status, status]);
    }
    expect((await service.get(`/executions/${executionId}`, { role: 'Viewer' })).status).toBe(200);
    expect((await service.get('/executions', { role: null })).status).toBe(401);
  });
});
