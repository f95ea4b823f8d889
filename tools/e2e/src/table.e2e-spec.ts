import { DEFAULT_MAP, TableRobot } from '@teleop/sim-table-robot';
import { waitFor, type TestUser } from '@teleop/testing';
import WebSocket from 'ws';
import type { ApiAnswer } from './support/api';
import { startSystem, type System } from './support/system';

/** The whole suite with a serving table, everything through the front door. */
describe('a table robot at the front door', () => {
  let system: System;
  let robot: TableRobot;

  beforeAll(async () => {
    system = await startSystem({ arms: [], env: { DRIVE_LOCK_MS: '1500', ROBOT_CLEANUP_MS: '500' } });
    const { stack } = system;
    robot = await new TableRobot({
      robotId: 'table1',
      url: stack.gateway,
      apiKey: stack.env['ROBOT_API_KEY'],
      map: DEFAULT_MAP,
      server: false,
      timeScale: 10,
      telemetryMs: 200,
    }).start();
  }, 120_000);

  afterAll(async () => {
    await robot.stop();
    await system.close();
  }, 60_000);

  /** Signs in as the front end does, and calls with the JWT it is given. */
  async function signedIn(user: TestUser) {
    const call = async (method: string, path: string, bearer: string, body?: object): Promise<ApiAnswer> => {
      const response = await fetch(`${system.stack.gateway}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      return { status: response.status, body: await response.json() };
    };
    const answer = await call('POST', '/auth/token', user.hashCode, { userId: user.userId });
    expect(answer.status).toBe(200);
    const { token } = answer.body as { token: string };
    return { token, call: (method: string, path: string, body?: object) => call(method, path, token, body) };
  }

  it('drives its routes, is driven by hand under the lock, and stands when the lock runs out', async () => {
    const admin = await signedIn(await system.data.user({ name: 'Ada', role: 'Admin' }));
    await waitFor('the robot to be online', async () => {
      const { body } = await admin.call('GET', '/status');
      return body.robotConnected === true && body.driveMode === 'IDLE' && robot.connected;
    });

    for (const destination of ['Kitchen', 'Office']) {
      const start = destination === 'Kitchen' ? 'Home' : 'Kitchen';
      expect((await admin.call('POST', '/routes', { start, destination })).status).toBe(201);
    }
    await waitFor(
      'both routes to be done',
      async () => {
        const { body } = await admin.call('GET', '/routes');
        return JSON.stringify(body).includes('Kitchen') ? undefined : true;
      },
      { timeoutMs: 30_000 },
    );
    await waitFor('the robot to be at the Office', async () => {
      const { body } = await admin.call('GET', '/status');
      return body.position === 'Office';
    });

    const operator = await signedIn(await system.data.user({ name: 'Olga', role: 'Operator' }));
    expect((await operator.call('POST', '/drive/lock')).body).toMatchObject({ status: 'success' });
    const url = `${system.stack.gateway.replace(/^http/, 'ws')}/ws/drive/manual?token=${operator.token}`;
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const frame = JSON.stringify({ command: 'DRIVE_COMMAND', linear_velocity: 0.4, angular_velocity: 0 });
    const steering = setInterval(() => socket.send(frame), 20);
    await waitFor('the robot to drive', () => robot.hand.moving);
    // Nobody renews the lock; it runs out under the driver's hand.
    await waitFor('the robot to stand', () => !robot.hand.moving, { timeoutMs: 10_000 });
    clearInterval(steering);
    socket.close();
    expect((await admin.call('GET', '/status')).body.manualLockHolderName).toBeNull();
  }, 90_000);
});
