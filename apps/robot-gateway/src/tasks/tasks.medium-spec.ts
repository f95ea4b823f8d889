import { randomUUID } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { sleep } from '../testing/clients.spec-support';
import { hoist, node, pause, setupTasks, type TaskWorld } from './robots.spec-support';

describe('a task on a robot', () => {
  let w: TaskWorld;
  beforeAll(async () => {
    w = await setupTasks();
  });
  afterAll(() => w.close());

  const started = async (answer: Promise<{ ok?: { taskId: string } }>): Promise<string> => {
    const { ok, ...refused } = await answer;
    if (ok === undefined) throw new Error(JSON.stringify(refused));
    return ok.taskId;
  };

  it('runs step by step, each sent once the one before is done, and tells of every change', async () => {
    const robot = await w.newRobot({ capabilities: { hasHoist: true } });
    const steps = [node('Kitchen'), hoist(300), pause()];
    const correlationId = 'corr-1';
    const taskId = await started(w.create(steps, { robotId: robot.robotId, correlationId }));
    const task = await w.reaches(taskId, 'DONE');
    expect(robot.started.map(({ stepId }) => stepId)).toEqual(steps.map(({ stepId }) => stepId));
    expect(robot.started[1]).toMatchObject({
      taskId,
      step: { type: 'hoist', payload: { targetMm: 300 }, requiredTimeSeconds: 1 },
      timeoutSeconds: 12,
    });
    expect(task).toMatchObject({ robotId: robot.robotId, currentStep: 3, totalSteps: 3, stepId: null });
    expect(task.steps.map(({ status }) => status)).toEqual(['DONE', 'DONE', 'DONE']);
    await waitFor('the last event', () => w.changesOf(taskId).some(({ status }) => status === 'DONE'));
    const changes = w.changesOf(taskId);
    expect(changes.map(({ version }) => version)).toEqual(changes.map((_, index) => index + 1));
    expect(changes[0]).toMatchObject({ status: 'QUEUED', currentStep: 0, totalSteps: 3, correlationId });
    expect(new Set(changes.map(({ currentStep }) => currentStep))).toEqual(new Set([0, 1, 2, 3]));
  });

  it('is the same task when it is asked for again', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const taskId = randomUUID();
    const ask = () => w.create([pause()], { taskId, robotId: robot.robotId });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ ok }) => ok?.taskId)).toEqual([taskId, taskId, taskId]);
    await robot.order(1);
    await robot.result(robot.started[0]!);
    await w.reaches(taskId, 'DONE');
    expect((await ask()).ok).toMatchObject({ taskId, status: 'DONE', robotId: robot.robotId });
    expect(robot.started).toHaveLength(1);
  });

  it('takes a result once, and none that is late, early or another robot’s', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const other = await w.newRobot({ mode: 'acks' });
    const [first, second, third] = [pause(), pause(), pause()];
    const taskId = await started(w.create([first, second, third], { robotId: robot.robotId }));
    await robot.order(1);
    // Early, another robot's, and of a task that nobody knows.
    expect(await robot.result({ taskId, stepId: second.stepId })).toBe(200);
    expect(await other.result({ taskId, stepId: first.stepId })).toBe(200);
    expect(await robot.result({ taskId: randomUUID(), stepId: first.stepId })).toBe(200);
    expect((await w.get(taskId)).currentStep).toBe(0);
    await Promise.all([0, 1, 2].map(() => robot.result({ taskId, stepId: first.stepId })));
    await robot.order(2);
    // Late.
    await robot.result({ taskId, stepId: first.stepId });
    await robot.result({ taskId, stepId: first.stepId }, 'STEP_FAILED');
    expect(await w.get(taskId)).toMatchObject({ status: 'RUNNING', currentStep: 1 });
    await robot.result({ taskId, stepId: second.stepId });
    await robot.order(3);
    await robot.result({ taskId, stepId: third.stepId });
    await w.reaches(taskId, 'DONE');
    await robot.result({ taskId, stepId: third.stepId }, 'STEP_FAILED');
    expect((await w.get(taskId)).status).toBe('DONE');
    expect(robot.started).toHaveLength(3);
  });

  it('tells the same step of a mission apart in two places', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const step = pause();
    const taskId = await started(w.create([step, step], { robotId: robot.robotId }));
    const one = await robot.order(1);
    expect(one.stepId).toBe(step.stepId);
    await robot.result(one);
    const two = await robot.order(2);
    expect(two.stepId).not.toBe(one.stepId);
    await robot.result(one);
    expect(await w.get(taskId)).toMatchObject({ status: 'RUNNING', currentStep: 1, stepId: step.stepId });
    await robot.result(two);
    await w.reaches(taskId, 'DONE');
  });

  it('fails when a step fails, tells the robot to stop, and goes no further', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const taskId = await started(w.create([pause(), pause(), pause()], { robotId: robot.robotId }));
    await robot.result(await robot.order(1));
    await robot.result(await robot.order(2), 'STEP_FAILED', { reason: 'wheel stuck' });
    const task = await w.reaches(taskId, 'FAILED');
    expect(task).toMatchObject({ errorCode: 'step_failed', errorMessage: 'wheel stuck', currentStep: 1 });
    expect(task.steps.map(({ status }) => status)).toEqual(['DONE', 'FAILED', 'CANCELED']);
    await waitFor('CANCEL', () => robot.commands('CANCEL').some((cancel) => cancel.taskId === taskId));
    await sleep(200);
    expect(robot.started).toHaveLength(2);
    // Acknowledged: it is not told again.
    expect(robot.commands('CANCEL')).toHaveLength(1);
  });

  it('fails when the robot refuses a step; one that is busy is asked again', async () => {
    const robot = await w.newRobot({ mode: 'silent' });
    const taskId = await started(w.create([pause(), pause()], { robotId: robot.robotId }));
    const first = await robot.order(1);
    robot.ack(first.id, false, 'BUSY MANUAL');
    const again = await robot.order(2);
    expect(again.id).not.toBe(first.id);
    robot.ack(again.id, false, 'NO_CAPABILITY hasWheels');
    const task = await w.reaches(taskId, 'FAILED');
    expect(task).toMatchObject({ errorCode: 'step_refused', errorMessage: 'NO_CAPABILITY hasWheels' });
  });

  it('shows a step that was acknowledged, and sends one that was not again, under the same id', async () => {
    const robot = await w.newRobot({ mode: 'silent' });
    const taskId = await started(w.create([pause()], { robotId: robot.robotId }));
    const order = await robot.order(1);
    await waitFor('it again', () => robot.orders().length > 1);
    expect(new Set(robot.orders().map(({ id }) => id))).toEqual(new Set([order.id]));
    const seqs = robot.orders().map(({ lease }) => lease.seq);
    expect(new Set(seqs).size).toBe(seqs.length);
    expect((await w.get(taskId)).steps[0]!.status).toBe('SENT');
    robot.ack(order.id);
    await waitFor('RUNNING', async () => (await w.get(taskId)).steps[0]!.status === 'RUNNING');
    await robot.result(order);
    await w.reaches(taskId, 'DONE');
  });

  it('believes telemetry that names its command, when event and acknowledgement were lost', async () => {
    const robot = await w.newRobot({ mode: 'silent' });
    const taskId = await started(w.create([pause(), pause()], { robotId: robot.robotId }));
    const first = await robot.order(1);
    await robot.report({ driveMode: 'TASK', command: { id: first.id, status: 'RUNNING' } });
    await waitFor('RUNNING', async () => (await w.get(taskId)).steps[0]!.status === 'RUNNING');
    await robot.report({ driveMode: 'IDLE', command: { id: first.id, status: 'DONE' } });
    const second = await robot.order(2);
    await robot.report({ command: { id: second.id, status: 'FAILED' } });
    await robot.report({ command: { id: second.id, status: 'FAILED' } });
    expect((await w.reaches(taskId, 'FAILED')).errorCode).toBe('step_failed');
  });

  it('ends when it is canceled: the robot is told, also one that is away at that moment', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const taskId = await started(w.create([pause(), pause()], { robotId: robot.robotId }));
    const order = await robot.order(1);
    robot.peer!.ws.terminate();
    await robot.peer!.wasClosed();
    expect((await w.cancel(taskId)).ok).toMatchObject({ status: 'CANCELED' });
    expect((await w.cancel(taskId)).ok).toMatchObject({ status: 'CANCELED' });
    expect((await w.pause(taskId)).refused?.code).toBe('task_over');
    await robot.connect();
    await waitFor('CANCEL', () => robot.commands('CANCEL').some((cancel) => cancel.taskId === taskId));
    // What the robot says of it now is of no interest any more.
    await robot.result(order, 'STEP_FAILED', { reason: 'CANCELED' });
    const task = await w.get(taskId);
    expect(task).toMatchObject({ status: 'CANCELED', errorCode: null });
    expect(task.steps.map(({ status }) => status)).toEqual(['CANCELED', 'CANCELED']);
    expect((await w.cancel(randomUUID())).refused?.code).toBe('task_unknown');
  });

  it('pauses at a step’s end and goes on when told to', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const taskId = await started(w.create([pause(), pause()], { robotId: robot.robotId }));
    const order = await robot.order(1);
    expect((await w.pause(taskId)).ok).toMatchObject({ status: 'RUNNING', currentStep: 0 });
    expect(await w.get(taskId)).toMatchObject({ pauseRequested: true });
    await robot.result(order);
    expect(await w.reaches(taskId, 'PAUSED')).toMatchObject({ reason: 'requested', currentStep: 1 });
    await sleep(200);
    expect(robot.started).toHaveLength(1);
    // The robot is not to be had for anything else meanwhile.
    const lock = await w.api.post(`/drive/lock?robotId=${robot.robotId}`, w.operator);
    expect(lock.body).toMatchObject({ status: 'error' });
    expect((await w.resume(taskId)).ok).toMatchObject({ status: 'RUNNING' });
    await robot.result(await robot.order(2));
    await w.reaches(taskId, 'DONE');
  });

  it('takes a pause back that has not begun', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const taskId = await started(w.create([pause(), pause()], { robotId: robot.robotId }));
    const order = await robot.order(1);
    await w.pause(taskId);
    await w.resume(taskId);
    await robot.result(order);
    await robot.result(await robot.order(2));
    await w.reaches(taskId, 'DONE');
  });

  it('over HTTP: lists with filters and pages, shows steps, and lets Operators act', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const missionId = randomUUID();
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      ids.push(await started(w.create([pause()], { robotId: robot.robotId, missionId })));
    }
    const list = (query: string) => w.api.get(`/api/v1/tasks?${query}`, w.viewer);
    const first = await list(`missionId=${missionId}&limit=2`);
    expect(first.status).toBe(200);
    const rest = await list(`missionId=${missionId}&limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...rest.body.items].map((item) => item.taskId)).toEqual([...ids].reverse());
    expect(rest.body.nextCursor).toBeNull();
    await w.reaches(ids[0]!, 'RUNNING');
    expect((await list(`robotId=${robot.robotId}&status=QUEUED`)).body.items).toHaveLength(2);
    const one = await w.api.get(`/api/v1/tasks/${ids[0]}`, w.viewer);
    expect(one.body).toMatchObject({ taskId: ids[0], steps: [{ position: 0, type: 'wait' }] });
    const act = (id: string, what: string, user = w.operator) =>
      w.api.post(`/api/v1/tasks/${id}/${what}`, user);
    expect((await act(ids[0]!, 'cancel', w.viewer)).status).toBe(403);
    expect((await w.api.post(`/api/v1/tasks/${ids[0]}/cancel`, undefined)).status).toBe(401);
    expect((await act(randomUUID(), 'cancel')).body.code).toBe('TASK_NOT_FOUND');
    expect((await act(ids[2]!, 'pause')).body.code).toBe('TASK_NOT_STARTED');
    expect((await act(ids[2]!, 'cancel')).body.status).toBe('CANCELED');
    expect((await act(ids[2]!, 'resume')).body.code).toBe('TASK_OVER');
    expect((await act(ids[0]!, 'pause')).body).toMatchObject({ status: 'RUNNING', pauseRequested: true });
    expect((await w.api.get('/api/v1/tasks/x', w.viewer)).status).toBe(400);
    for (const id of ids) await w.cancel(id);
  });

  it('is failed when its robot is deleted', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const taskId = await started(w.create([pause()], { robotId: robot.robotId }));
    const queued = await started(w.create([pause()], { robotId: robot.robotId }));
    await robot.order(1);
    await w.api.delete(`/api/v1/robots/${robot.robotId}`, w.admin);
    expect((await w.reaches(taskId, 'FAILED')).errorCode).toBe('robot_unknown');
    expect((await w.reaches(queued, 'FAILED')).errorCode).toBe('robot_unknown');
  });
});
