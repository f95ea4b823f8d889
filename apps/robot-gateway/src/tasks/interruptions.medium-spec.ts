import { Database } from '@teleop/persistence';
import { waitFor } from '@teleop/testing';
import { sleep } from '../testing/clients.spec-support';
import { startGatewayProcess } from '../testing/gateway-process.spec-support';
import { RobotSituations } from '../lease/robot-situation';
import { pause, setupTasks, type Answer, type TaskWorld } from './robots.spec-support';
import { Tasks } from './tasks';

const idOf = ({ ok, refused }: Answer): string => {
  if (ok === undefined) throw new Error(JSON.stringify(refused));
  return (ok as { taskId: string }).taskId;
};

describe('a task that is interrupted', () => {
  let w: TaskWorld;
  beforeAll(async () => {
    w = await setupTasks({ replicas: 2, env: { TASK_TIMEOUT_MARGIN_MS: '0' } });
  });
  afterAll(() => w.close());

  /** Its step takes its time: no deadline comes in between. */
  const slow = () => ({ ...pause(), requiredTimeSeconds: 60 });

  describe('by somebody who takes the robot', () => {
    it('is paused, its step is called off, and goes on with that step when it is resumed', async () => {
      const robot = await w.newRobot({ mode: 'acks' });
      const taskId = idOf(await w.create([slow(), slow()], { robotId: robot.robotId }));
      const first = await robot.order(1);
      await robot.result(first);
      const second = await robot.order(2);
      const query = `?robotId=${robot.robotId}`;
      expect((await w.api.post(`/drive/lock${query}`, w.operator, undefined, 1)).body.status).toBe('error');
      expect((await w.api.post(`/drive/lock${query}`, w.admin, undefined, 1)).body.status).toBe('success');
      expect(await w.reaches(taskId, 'PAUSED')).toMatchObject({ reason: 'preempted', currentStep: 1 });
      await waitFor('CANCEL', () => robot.commands('CANCEL').some((cancel) => cancel.taskId === taskId));
      await robot.result(second, 'STEP_FAILED', { reason: 'CANCELED' });
      expect((await w.get(taskId)).steps.map(({ status }) => status)).toEqual(['DONE', 'PENDING']);
      // He still drives: it runs again, and waits for him.
      await w.resume(taskId);
      await waitFor('it to wait', async () => (await w.get(taskId)).reason === 'robot_held');
      await w.api.delete(`/drive/lock${query}`, w.admin);
      const again = await robot.order(3);
      expect(again.id).not.toBe(second.id);
      expect(again.lease.epoch).toBeGreaterThan(second.lease.epoch);
      // What the robot said of the attempt that was called off may come as late as this.
      await robot.result(second, 'STEP_FAILED', { reason: 'CANCELED' });
      expect((await w.get(taskId)).status).toBe('RUNNING');
      await robot.result(again);
      await w.reaches(taskId, 'DONE');
      expect(robot.started).toHaveLength(3);
    });

    it('gives an Admin’s order the CANCEL to send first, which is not sent once more', async () => {
      const robot = await w.newRobot({ mode: 'acks' });
      const taskId = idOf(await w.create([slow()], { robotId: robot.robotId }));
      await robot.order(1);
      const { app } = w.replicas[1]!;
      const tasks = app.get(Tasks);
      const preempted = await app.get(Database).transaction(async (tx) => {
        await app.get(RobotSituations).take(tx, robot.robotId);
        return tasks.preempted(tx, robot.robotId);
      });
      expect(preempted?.cancel).toMatchObject({ command: 'CANCEL', taskId });
      await tasks.committed(preempted!, true);
      expect(await w.get(taskId)).toMatchObject({ status: 'PAUSED', reason: 'preempted' });
      await sleep(150);
      expect(robot.commands('CANCEL')).toHaveLength(0);
      robot.ack(preempted!.cancel!.id);
      await w.resume(taskId);
      await robot.result(await robot.order(2));
      await w.reaches(taskId, 'DONE');
    });

    it('waits for a robot that follows another order', async () => {
      const robot = await w.newRobot({ mode: 'acks' });
      const taskId = idOf(await w.create([slow(), slow()], { robotId: robot.robotId }));
      const first = await robot.order(1);
      await robot.report({ driveMode: 'MANUAL' });
      await robot.result(first);
      await waitFor('it to wait', async () => (await w.get(taskId)).reason === 'robot_busy');
      await robot.report({ driveMode: 'IDLE' });
      await robot.result(await robot.order(2));
      await w.reaches(taskId, 'DONE');
    });
  });

  describe('by a robot that is away', () => {
    it('keeps the step for it, and sends it when it is back', async () => {
      const robot = await w.newRobot();
      robot.peer!.ws.terminate();
      await robot.peer!.wasClosed();
      const taskId = idOf(await w.create([slow(), slow()], { robotId: robot.robotId }));
      await waitFor('it to wait', async () => (await w.get(taskId)).reason === 'robot_offline');
      await robot.connect(1);
      expect(await w.reaches(taskId, 'DONE')).toMatchObject({ reason: null });
      expect(robot.started).toHaveLength(2);
    });

    it('does not mind when its socket goes in the middle of a step, which it ends all the same', async () => {
      const robot = await w.newRobot({ mode: 'acks' });
      const taskId = idOf(await w.create([slow(), slow()], { robotId: robot.robotId }));
      const first = await robot.order(1);
      robot.peer!.ws.terminate();
      await robot.peer!.wasClosed();
      await robot.result(first, 'STEP_DONE', { replica: 1 });
      await robot.connect(1);
      await robot.result(await robot.order(2));
      await w.reaches(taskId, 'DONE');
    });
  });

  it('by a step that does not end in time: it fails, and the robot is told to stop', async () => {
    const robot = await w.newRobot({ mode: 'acks' });
    const step = { ...pause(), requiredTimeSeconds: 0.5 };
    const taskId = idOf(await w.create([step, slow()], { robotId: robot.robotId }));
    const order = await robot.order(1);
    expect(order.timeoutSeconds).toBe(1);
    const sent = performance.now();
    const task = await w.reaches(taskId, 'FAILED');
    expect(performance.now() - sent).toBeGreaterThan(900);
    expect(task).toMatchObject({ errorCode: 'step_timeout', currentStep: 0 });
    await waitFor('CANCEL', () => robot.commands('CANCEL').length > 0);
    // Too late is too late.
    await robot.result(order);
    expect((await w.get(taskId)).status).toBe('FAILED');
    expect(robot.started).toHaveLength(1);
  });

  describe('by the death of the process that had it', () => {
    it('goes on from the step that was under way, which is not done twice', async () => {
      const gone = await startGatewayProcess(w.env);
      const robot = await w.newRobot({ online: false, mode: 'acks' });
      await robot.connect(0, gone.url);
      await robot.report();
      const taskId = idOf(await w.create([slow(), slow(), slow()], { robotId: robot.robotId }));
      await robot.result(await robot.order(1));
      const second = await robot.order(2);
      await gone.kill9();
      await robot.peer!.wasClosed();
      await robot.connect(1);
      // It is told again what it is at, by its id, and knows it.
      await waitFor('the step again', () => robot.orders().some(({ id }) => id === second.id));
      expect(await w.get(taskId)).toMatchObject({ status: 'RUNNING', currentStep: 1 });
      await robot.result(second);
      await robot.result(await robot.order(3));
      await w.reaches(taskId, 'DONE');
      expect(robot.started).toHaveLength(3);
    });

    it('comes through however often the process that has the robot dies, with each step done once', async () => {
      const robot = await w.newRobot({ online: false });
      const env = { ...w.env, TASK_SWEEP_MS: '20' };
      let process = await startGatewayProcess(env);
      await robot.connect(0, process.url);
      await robot.report();
      const steps = Array.from({ length: 60 }, slow);
      const taskId = idOf(await w.create(steps, { robotId: robot.robotId }));
      try {
        for (const at of [5, 30]) {
          await robot.order(at);
          await process.kill9();
          process = await startGatewayProcess(env);
          await robot.connect(0, process.url);
        }
        await w.reaches(taskId, 'DONE', 60_000);
      } finally {
        await process.kill9();
      }
      expect(robot.started.map(({ stepId }) => stepId)).toEqual(steps.map(({ stepId }) => stepId));
    }, 120_000);
  });
});

describe('a task of a robot that is away', () => {
  it('fails when it does not come back', async () => {
    const w = await setupTasks({ env: { TASK_OFFLINE_MS: '500' } });
    try {
      const robot = await w.newRobot();
      robot.peer!.ws.terminate();
      await robot.peer!.wasClosed();
      const taskId = idOf(await w.create([pause(), pause()], { robotId: robot.robotId }));
      const task = await w.reaches(taskId, 'FAILED');
      expect(task.errorCode).toBe('robot_offline');
      expect(task.steps.map(({ status }) => status)).toEqual(['FAILED', 'CANCELED']);
      await robot.connect();
      await sleep(200);
      expect(robot.started).toHaveLength(0);
    } finally {
      await w.close();
    }
  });
});
