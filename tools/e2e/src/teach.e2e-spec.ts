import { DEFAULT_MAP, fetchAndBring, TableRobot } from '@teleop/sim-table-robot';
import { waitFor, type TestUser } from '@teleop/testing';
import { io, type Socket } from 'socket.io-client';
import type { ApiAnswer } from './support/api';
import { startSystem, type System } from './support/system';

const TEACH = '/api/v1/teach';

/** The whole suite with a serving table that is taught, everything through the front door. */
describe('a table robot that is taught', () => {
  let system: System;
  let robot: TableRobot;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    system = await startSystem({ arms: [] });
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
    for (const socket of sockets) socket.close();
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
    const { body } = await call('POST', '/auth/token', user.hashCode, { userId: user.userId });
    const { token } = body as { token: string };
    return { token, call: (method: string, path: string, more?: object) => call(method, path, token, more) };
  }

  /** What Socket.IO `/teach` says of the robot. */
  function listen(token: string) {
    const heard: { name: string; payload: Record<string, unknown> }[] = [];
    const socket = io(`${system.stack.gateway}/teach`, {
      auth: { token, robotId: 'table1' },
      transports: ['websocket'],
    });
    sockets.push(socket);
    socket.onAny((name: string, payload: Record<string, unknown>) => heard.push({ name, payload }));
    return {
      socket,
      of: (name: string) => heard.filter((one) => one.name === name).map((one) => one.payload),
    };
  }

  it('is led along the map; the session becomes a mission that is published, run by the robot and DONE', async () => {
    const admin = await signedIn(await system.data.user({ name: 'Ada', role: 'Admin' }));
    const operator = await signedIn(await system.data.user({ name: 'Olga', role: 'Operator' }));
    const { call } = operator;
    const equipped = await admin.call('PATCH', '/api/v1/robots/table1', { capabilities: { hasGrip: true } });
    expect(equipped.status).toBe(200);
    const live = listen(operator.token);
    await waitFor('the socket', () => live.socket.connected);
    await waitFor('the robot to be online', async () => {
      const { body } = await call('GET', '/status');
      return body.robotConnected === true && body.driveMode === 'IDLE' && robot.connected;
    });

    const created = await call('POST', `${TEACH}/sessions`, {
      robotId: 'table1',
      missionName: 'Fetch the tea',
    });
    expect(created.status).toBe(201);
    const { teachSessionId, draftMissionId } = created.body;
    const session = `${TEACH}/sessions/${teachSessionId}`;
    expect((await call('POST', `${session}/start`)).body).toMatchObject({ status: 'RECORDING' });
    await waitFor('the robot to know', () => robot.taught?.sessionId === teachSessionId);

    robot.teach(fetchAndBring('Kitchen', 'Living Room'));
    await waitFor('the lock to have grown along the way', async () => {
      const { body } = await call('GET', '/api/v1/traffic/locks');
      const scope = body.items.find((lock: { robotId: string }) => lock.robotId === 'table1')?.scope;
      return scope?.nodeIds.includes('Kitchen') && scope.pathIds.includes('home-kitchen');
    });
    await waitFor('the lesson to be over and safe', () => robot.taught?.finished, { timeoutMs: 20_000 });
    const { said } = robot.taught!;
    expect((await call('POST', `${session}/stop`)).body).toMatchObject({ status: 'STOPPED' });
    await waitFor('the robot to know that it is over', () => robot.taught === null);
    expect((await call('GET', '/api/v1/traffic/locks')).body.items).toEqual([]);

    const samples = (await call('GET', `${session}/samples?limit=1000`)).body.items;
    expect(samples.length).toBeGreaterThan(0.9 * said);
    expect(samples.at(-1)).toMatchObject({ poseX: 4, poseY: 3, gripPosition: 100 });
    await waitFor('the live samples', () => live.of('teach.sample.received').length >= 0.9 * said);
    expect(live.of('teach.session.updated').map((one) => one['status'])).toEqual([
      'DRAFT',
      'RECORDING',
      'STOPPED',
    ]);

    const mission = `${TEACH}/missions/${draftMissionId}`;
    const taught = (await call('GET', mission)).body;
    expect(taught).toMatchObject({ name: 'Fetch the tea', status: 'DRAFT' });
    expect(taught.steps.map((step: { type: string; payload: object }) => [step.type, step.payload])).toEqual([
      ['moveToPoint', { destination: { nodeId: 'Kitchen' } }],
      ['grip', { target: 'close' }],
      ['moveToPoint', { destination: { nodeId: 'Living Room' } }],
      ['grip', { target: 'open' }],
    ]);
    const published = await call('POST', `${mission}/publish`, { robotId: 'table1' });
    expect([published.status, published.body.status]).toEqual([200, 'PUBLISHED']);

    robot.brain.table.actuators.gripPosition = 50;
    const asked = await call('POST', `${TEACH}/executions`, { missionId: draftMissionId, robotId: 'table1' });
    expect(asked.status).toBe(202);
    const { executionId } = asked.body;
    await waitFor(
      'the mission to be run',
      async () => (await call('GET', `${TEACH}/executions/${executionId}`)).body.status === 'DONE',
      { timeoutMs: 30_000 },
    );
    expect(robot.brain.table.lastNode).toBe('Living Room');
    expect(robot.brain.table.actuators.gripPosition).toBe(100);
    await waitFor('the news', () =>
      live.of('teach.execution.updated').some((one) => one['status'] === 'DONE'),
    );
  }, 90_000);
});
