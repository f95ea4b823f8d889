import { setTimeout as sleep } from 'node:timers/promises';
import { askedMetrics } from '@teleop/deploy-check';
import { ArmRobot, TurnEyes, type Judged } from '@teleop/sim-arm-robot';
import { waitFor, type TestUser } from '@teleop/testing';
import WebSocket from 'ws';
import { asUser, get, post } from './support/api';
import { exportedMetrics } from './support/exported-metrics';
import { startSystem, type System } from './support/system';

const TURN = 0.7; // rad: above the middle of an area

describe('a doll that is moved', () => {
  let system: System;
  let arm: ArmRobot;
  let eyes: TurnEyes;
  const judged: { judged: Judged; token: string }[] = [];

  beforeAll(async () => {
    system = await startSystem({ arms: [], env: { VISION_CLAIM_MS: '1000', OPENAPI_CACHE_MS: '0' } });
    const { stack } = system;
    arm = new ArmRobot({
      robotId: 'arm1',
      url: stack.gateway.replace(/^http/, 'ws'),
      apiKey: stack.env['ROBOT_API_KEY'],
    });
    eyes = new TurnEyes(arm, {
      robotId: 'arm1',
      // Through the front door, as a robot's server outside would.
      vision: { url: stack.gateway, internalToken: stack.env['INTERNAL_API_TOKEN']! },
      scene: 'trays',
      dolls: [
        { left: 3, right: 0 },
        { left: 2, right: 1 },
      ],
      difficulty: 'usual',
      frames: 3,
      seed: 11,
    });
    eyes.on('judged', (answer, token) => judged.push({ judged: answer, token }));
    arm.start();
  }, 90_000);
  afterAll(async () => {
    await eyes.stop();
    await arm.stop();
    await system.close();
  }, 60_000);

  async function knobs(change: object): Promise<void> {
    const url = new URL('/knobs', system.stack.env['OPENAI_BASE_URL']);
    expect((await fetch(url, { method: 'PUT', body: JSON.stringify(change) })).status).toBe(200);
  }

  /** A turn in which the driver carries so many dolls from the left to the right. */
  async function drive(user: TestUser, dolls: number): Promise<string> {
    const call = asUser(system.stack.gateway, user);
    await waitFor(
      'the turn',
      async () => (await call('/queue/join', { robotId: 'arm1' })).body.status === 'active',
    );
    const { control_token: token } = (await call('/use_robot', { robotId: 'arm1' })).body;
    const url = `${system.stack.gateway.replace(/^http/, 'ws')}/ws/drive/session?robotId=arm1&token=${token}`;
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.send(JSON.stringify({ type: 'lock_request', token }));
    const until = async (what: string, frame: object, reached: () => boolean) => {
      await waitFor(
        what,
        () => {
          // A driver's stick never rests: silence would stop the arm.
          socket.send(JSON.stringify(frame));
          return reached();
        },
        { everyMs: 50, timeoutMs: 20_000 },
      );
    };
    const turnTo = (base: number) =>
      until(
        'the base to turn',
        { type: 'joint_target', joints: [base, 0, 0, 0, 0, 0] },
        () => Math.abs(arm.brain.arm.joints[0]! - base) < 0.05,
      );
    const grip = (opening: number) =>
      until(
        'the gripper',
        { type: 'gripper', opening },
        () => Math.abs(arm.brain.arm.gripper - opening) < 0.01,
      );
    for (let carried = 0; carried < dolls; carried += 1) {
      await turnTo(-TURN);
      await grip(1);
      await grip(0);
      await turnTo(TURN);
      await grip(1);
    }
    await call('/queue/leave', { robotId: 'arm1' });
    socket.terminate();
    return token;
  }

  const statusOf = async (user: TestUser, controlToken: string) => {
    const call = asUser(system.stack.gateway, user);
    const { body } = await call('/fetch_tele_op_session_complete_status', { controlToken });
    return body.status === 'not_finished' ? undefined : body;
  };
  const paid = (user: TestUser) =>
    system.data.rows<{ points_change: number }>(
      `SELECT points_change FROM teleop.point_transactions
       WHERE user_id = $1 AND transaction_type = 'dolls_compare_reward'`,
      [user.userId],
    );

  it('is seen by the cameras, judged, and paid with 100 points that its driver sees', async () => {
    const user = await system.data.user();
    const token = await drive(user, 2);
    const row = await waitFor('the status', () => statusOf(user, token), { timeoutMs: 30_000 });
    expect(row).toMatchObject({ controlled_status: 'success', reward_points: 3_200, robot_id: 'arm1' });
    expect(JSON.parse(row.controlled_result)).toEqual({
      cam1: { start: { left: 3, right: 0 }, end: { left: 1, right: 2 } },
      cam2: { start: { left: 2, right: 1 }, end: { left: 2, right: 1 } },
    });
    expect(await paid(user)).toEqual([{ points_change: 200 }]);
    await waitFor('the robot to have its answer', () => judged.find((entry) => entry.token === token));
    expect(judged.at(-1)!.judged).toMatchObject({ status: 'success', success_count: 2, reward_points: 200 });
    expect(await system.data.violations()).toEqual([]);
  }, 90_000);

  it('is paid once when vision-service and queue-service are killed in the middle, however often it is reported', async () => {
    const user = await system.data.user();
    await knobs({ latencyMs: 1_500 });
    const token = await drive(user, 1);
    const evaluating = () => system.data.rows('SELECT 1 FROM vision.claims');
    await waitFor('the evaluation', async () => (await evaluating()).length > 0, { timeoutMs: 20_000 });
    for (const name of ['vision-service', 'queue-service']) {
      system.stack.processes.find((process) => process.name === name)!.kill9();
    }
    await knobs({ latencyMs: 0 });
    const { stack } = system;
    const answer = await waitFor(
      'the robot to have its answer',
      () => judged.find((entry) => entry.token === token)?.judged,
      { timeoutMs: 60_000 },
    );
    expect(answer).toMatchObject({ status: 'success', success_count: 1 });
    const row = await waitFor('the status', () => statusOf(user, token), { timeoutMs: 30_000 });
    expect(row).toMatchObject({ controlled_status: 'success' });
    // Asked again with other pictures: what was stored comes back, and nothing is paid again.
    const views = { cam1: { start: PIXEL, end: PIXEL } };
    const again = await post(stack.gateway, '/vision/dolls_compare', stack.env['INTERNAL_API_TOKEN']!, {
      robotId: 'arm1',
      controlToken: token,
      views,
    });
    expect(again.body).toMatchObject({ evaluation_id: answer.evaluation_id, success_count: 1 });
    await sleep(500); // what must not happen has no condition to wait for
    expect(await paid(user)).toEqual([{ points_change: 100 }]);
    expect(await system.data.violations()).toEqual([]);
  }, 120_000);

  it('is in the document of the front door', async () => {
    const paths = await waitFor('every service to have told its part', async () => {
      const { body } = await get(system.stack.gateway, '/openapi.json');
      return body.paths['/vision/dolls_compare'] && Object.keys(body.paths as object);
    });
    expect(paths).toContain('/vision/evaluations/{id}');
  });

  it('has been counted: whatever alerts, dashboards and autoscalers ask for is exported, under those labels', async () => {
    const { services } = system.stack;
    const exported = await exportedMetrics(Object.values(services).flat());
    const absent = ['recognition', 'teach'].filter((name) => services[`${name}-service`] === undefined);
    const asked = askedMetrics().filter(
      ({ metric }) => !absent.some((name) => metric.startsWith(`${name}_`)),
    );
    expect(asked.length).toBeGreaterThan(100);
    const faults = asked.flatMap(({ metric, labels, where }) => {
      const found = exported.get(metric);
      if (found === undefined) return [`${where}: nobody exports ${metric}`];
      const known = found.labels;
      return known === undefined
        ? []
        : labels
            .filter((label) => !known.has(label))
            .map((label) => `${where}: ${metric} has no label ${label}`);
    });
    expect(faults).toEqual([]);
  });

  it('is not paid for when the model refuses to look', async () => {
    const user = await system.data.user();
    await knobs({ refusalRate: 1 });
    const token = await drive(user, 0);
    const row = await waitFor('the status', () => statusOf(user, token), { timeoutMs: 30_000 });
    expect(row.controlled_status).toBe('failed');
    expect(await paid(user)).toEqual([]);
    await knobs({ refusalRate: 0 });
  }, 90_000);
});

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
