import { waitFor } from '@teleop/testing';
import WebSocket from 'ws';
import { asUser, get } from './support/api';
import { startSystem, type System } from './support/system';

interface ArmState {
  readonly type: string;
  readonly joints: number[];
}

describe('a turn from end to end', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ env: { SESSION_SECONDS: '6', LEADERBOARD_REFRESH_SECONDS: '1' } });
  }, 90_000);
  afterAll(() => system.close(), 60_000);

  const driveUrl = (robotId: string, token: string) =>
    `${system.stack.gateway.replace(/^http/, 'ws')}/ws/drive/session?robotId=${robotId}&token=${token}`;

  it('queues two people, lets the first steer the arm until the time is up, pays, and hands over', async () => {
    const { stack, data } = system;
    const [ada, grace] = [await data.user({ name: 'Ada' }), await data.user({ name: 'Grace' })];
    const [callAda, callGrace] = [asUser(stack.gateway, ada), asUser(stack.gateway, grace)];
    const watcher = system.watch(grace, 'arm1');
    await waitFor('the first look at the queue', () => watcher.last);

    expect((await callAda('/queue/join', { robotId: 'arm1' })).body).toMatchObject({
      position: 1,
      status: 'active',
    });
    expect((await callGrace('/queue/join', { robotId: 'arm1' })).body).toMatchObject({
      position: 2,
      status: 'waiting',
    });
    await waitFor('both in the live queue', () => watcher.last?.queue.length === 2);
    expect(watcher.last!.queue.map((entry) => entry.username)).toEqual(['Ada', 'Grace']);

    const { control_token } = (await callAda('/queue/control-token', { robotId: 'arm1' })).body;
    expect((await callAda('/use_robot', { robotId: 'arm1' })).status).toBe(200);

    const refused = new WebSocket(driveUrl('arm1', 'not-the-token'));
    const refusal = await new Promise<number>((resolve) => {
      refused.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      refused.on('error', () => undefined);
    });
    expect(refusal).toBe(401);

    const socket = new WebSocket(driveUrl('arm1', control_token));
    const states: ArmState[] = [];
    const answers: string[] = [];
    socket.on('message', (bytes: Buffer) => {
      const frame = JSON.parse(bytes.toString()) as ArmState;
      if (frame.type === 'state') states.push(frame);
      else answers.push(frame.type);
    });
    const closed = new Promise<{ code: number; at: number }>((resolve) =>
      socket.on('close', (code) => resolve({ code, at: Date.now() })),
    );
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send(JSON.stringify({ type: 'lock_request', token: control_token }));
    const steering = setInterval(
      () =>
        socket.readyState === WebSocket.OPEN &&
        socket.send(JSON.stringify({ type: 'joint_velocity', joints: [0.5, 0, 0, 0, 0, 0] })),
      20,
    );
    const before = await waitFor('the arm to report', () => states[0]);
    await waitFor('the arm to move', () => Math.abs(states.at(-1)!.joints[0]! - before.joints[0]!) > 0.2);
    await waitFor('the answer to lock_request', () => answers.includes('lock_granted'));

    const { code, at } = await closed;
    clearInterval(steering);
    expect(code).toBe(4001);
    await waitFor('the arm to stand still', () => !system.arms[0]!.brain.arm.moving);
    // robot-gateway runs the limit on a clock of its own and may cut off a moment before the turn is booked as over.
    const turn = await waitFor('the turn to be booked as over', async () => {
      const [row] = await data.rows<{ ended_at: Date; late: string; end_reason: string }>(
        `SELECT ended_at, end_reason, extract(epoch FROM ended_at - activated_at) - 6 AS late
         FROM teleop.robot_queue WHERE user_id = $1 AND ended_at IS NOT NULL`,
        [ada.userId],
      );
      return row;
    });
    expect(turn).toMatchObject({ end_reason: 'timeout' });
    expect(Number(turn.late)).toBeLessThan(1);
    expect(at - turn.ended_at.getTime()).toBeLessThan(250);

    await waitFor('Grace to be active in the live queue', () => watcher.last?.queue[0]?.username === 'Grace');
    expect(watcher.last!.queue[0]).toMatchObject({ status: 'active', position: 1 });
    const history = (await callAda('/user/control_history')).body;
    expect(history).toMatchObject({
      total_reward_points: 3000,
      sessions: [{ robot_id: 'arm1', reward_points: 3000 }],
    });

    await callGrace('/queue/leave', { robotId: 'arm1' });
    await waitFor('the empty queue', () => watcher.last?.queue.length === 0 && watcher.last.robotAvailable);
    await waitFor('Ada on the leaderboard', async () => {
      const board = await get(stack.gateway, `/tele_op/leaderboard?user_id=${ada.userId}`);
      return board.body.self?.total_points === 3000;
    });
    expect(watcher.regressions).toBe(0);
    expect(await data.violations()).toEqual([]);
  }, 60_000);

  it('describes itself', async () => {
    const wanted = [
      '/queue/join',
      '/tele_op/leaderboard',
      '/table/state',
      '/vision/dolls_compare',
      '/api/v1/teach/missions',
      '/api/v1/recognition/process-session',
      '/api/v1/devices',
    ];
    // A service that takes its time is left out, and there a moment later.
    const openapi = await waitFor('the whole document', async () => {
      const { body } = await get(system.stack.gateway, '/openapi.json');
      return wanted.every((path) => path in body.paths) ? body : undefined;
    });
    expect(openapi.openapi).toMatch(/^3\.1/);
    const asyncapi = (await get(system.stack.gateway, '/asyncapi.json')).body;
    expect(JSON.stringify(asyncapi)).toContain('queue_update');
    expect((await fetch(`${system.stack.gateway}/docs`)).status).toBe(200);
  });

  it('never wrote a secret into a log', () => {
    const secrets = Object.entries(system.stack.env).filter(
      ([name, value]) => /SECRET|TOKEN|KEY/.test(name) && value !== '',
    );
    expect(secrets.map(([name]) => name)).toEqual(
      expect.arrayContaining(['JWT_SECRET', 'INTERNAL_API_TOKEN', 'ROBOT_API_KEY']),
    );
    const text = system.lines.join('\n');
    expect(text.length).toBeGreaterThan(0);
    const written = secrets.filter(([, value]) => text.includes(value)).map(([name]) => name);
    expect(written).toEqual([]);
    expect(text).not.toMatch(/token=[0-9a-f]{16}/);
  });
});
