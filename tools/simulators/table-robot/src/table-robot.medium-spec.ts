import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { waitFor } from '@teleop/testing';
import { FakeGateway } from './fake-gateway.spec-support';
import type { TableRobotOptions } from './options';
import { TableRobot } from './table-robot';

const STEP = '5b0e1c1e-0000-4000-8000-000000000001';
const open: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((part) => part.stop()));
});

async function setup(options: Partial<TableRobotOptions> = {}) {
  const gateway = await new FakeGateway().start();
  const robot = new TableRobot({
    robotId: 'table2',
    url: gateway.url,
    apiKey: 'k2',
    timeScale: 50,
    reconnectFirstMs: 20,
    reconnectMaxMs: 60,
    server: { host: '127.0.0.1' },
    ...options,
  });
  open.push(robot, gateway);
  await robot.start();
  await waitFor('the control socket', () => gateway.peers.length > 0);
  await waitFor('telemetry', () => robot.telemetry.accepted > 0);
  return { gateway, robot };
}

const lease = (epoch: number, seq: number) => ({ lease: { epoch, seq } });
const navigate = (extra: object = {}) => ({
  command: 'NAVIGATE',
  start: 'Home',
  destination: 'Kitchen',
  ...extra,
});
const step = (extra: object = {}) => ({
  command: 'EXECUTE_STEP',
  id: STEP,
  taskId: 'task',
  stepId: 'step',
  step: { type: 'wait', payload: { reason: 'stabilize' }, requiredTimeSeconds: 0.5 },
  timeoutSeconds: 30,
  ...lease(1, 1),
  ...extra,
});

describe('the robot’s own server', () => {
  it('answers as the source’s simulator does', async () => {
    const { robot } = await setup();
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${robot.port}${path}`);
      return [response.status, response.headers.get('content-type'), await response.text()];
    };
    expect(await get('/health')).toEqual([
      200,
      'application/json',
      '{"status":"ok","message":"Robot is online"}',
    ]);
    expect(await get('/nodes')).toEqual([
      200,
      'application/json',
      '{"nodes":["Home","Kitchen","Living Room","Office","Bedroom","Charging Station"]}',
    ]);
    const [status, , body] = await get('/status');
    expect(status).toBe(200);
    expect(JSON.parse(body as string)).toMatchObject({ driveMode: 'IDLE', currentPosition: 'Home' });
    expect((await get('/else'))[0]).toBe(404);
    expect((await get('/sim/log'))[0]).toBe(404);
  });

  it('lets its faults be changed and its log be read, when that is asked for', async () => {
    const { robot, gateway } = await setup({ server: { host: '127.0.0.1', control: true } });
    const at = `http://127.0.0.1:${robot.port}/sim`;
    const put = (body: string) => fetch(`${at}/faults`, { method: 'PUT', body });
    expect((await put('{"lie":{"idle":true}}')).status).toBe(200);
    expect(robot.faults.lie).toEqual({ idle: true, position: false, command: false });
    const wrong = await put('{"drop":{"posts":7}}');
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      { status: 'error', message: 'posts must be a share from 0 to 1' },
    ]);
    gateway.send({ command: 'SET_MODE', mode: 'MANUAL', ...lease(3, 9) });
    await waitFor('the command', () => robot.commands.length);
    const log = (await (await fetch(`${at}/log`)).json()) as { commands: unknown[] };
    expect(log.commands).toEqual([
      { at: expect.any(Number), epoch: 3, seq: 9, command: 'SET_MODE', verdict: 'obeyed' },
    ]);
  });
});

describe('what it says', () => {
  it('as old firmware at the default robot, is the source’s to the letter', async () => {
    const { gateway, robot } = await setup({
      robotId: 'table1',
      firmware: 'old',
      apiKey: 'secret-robot-key',
    });
    expect(gateway.peers[0]!.url).toBe('/ws/robot/control');
    expect(gateway.peers[0]!.headers['x-api-key']).toBeUndefined();
    const registered = await waitFor('registration', () => gateway.to('/table/register')[0]);
    expect(registered.text).toBe(`{"port":${robot.port}}`);
    const state = gateway.to('/table/state')[0]!;
    expect(state.headers).toMatchObject({
      'x-api-key': 'secret-robot-key',
      'content-type': 'application/json',
    });
    expect(state.headers['x-robot-id']).toBeUndefined();
    expect(state.text).toBe(
      '{"systemHealth":"OK","batteryLevel":100,"driveMode":"IDLE","cargoStatus":"EMPTY","currentPosition":"Home","lastNode":"Home","targetNode":null}',
    );
    gateway.send(navigate());
    const event = await waitFor('the event', () => gateway.to('/table/event')[0]);
    expect(event.text).toMatch(
      /^\{"event":"DESTINATION_REACHED","timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}$/,
    );
    expect(gateway.peers[0]!.frames).toEqual([]);
  });

  it('as new firmware, names the robot, asks for leases and tells more', async () => {
    const { gateway } = await setup();
    expect(gateway.peers[0]!.url).toBe('/ws/robot/control?robotId=table2&lease=announce');
    expect(gateway.peers[0]!.headers['x-api-key']).toBe('k2');
    expect(gateway.to('/table/state')[0]!.headers).toMatchObject({
      'x-api-key': 'k2',
      'x-robot-id': 'table2',
    });
    gateway.send(navigate({ id: 'n1', ...lease(4, 17) }));
    await waitFor('the arrival', () => gateway.state['currentPosition'] === 'Kitchen' && gateway.events[0]);
    expect(gateway.state).toMatchObject({
      driveMode: 'IDLE',
      lastNode: 'Kitchen',
      targetNode: null,
      command: { id: 'n1', status: 'DONE' },
      pose: { x: 4, y: 0, headingRad: 0 },
      lease: { epoch: 4, seq: 17 },
    });
    expect(gateway.peers[0]!.frames).toEqual([{ type: 'ack', id: 'n1', accepted: true }]);
  });

  it('announces itself over UDP', async () => {
    const listener = createSocket('udp4').bind(0, '127.0.0.1');
    await once(listener, 'listening');
    const heard = once(listener, 'message');
    const { robot } = await setup({ announce: { address: '127.0.0.1', port: listener.address().port } });
    const [message] = (await heard) as [Buffer];
    listener.close();
    expect(message.toString()).toBe(`{"type":"announce","port":${robot.port},"robotId":"table2"}`);
  });

  it('reports a drive while it lasts, at once when something changes', async () => {
    const { gateway } = await setup({ timeScale: 10, telemetryMs: 60_000 });
    gateway.send(
      navigate({ destination: 'Living Room', id: 'n1', path: ['Home', 'Kitchen', 'Living Room'] }),
    );
    await waitFor('the arrival', () => gateway.state['currentPosition'] === 'Living Room');
    const told = gateway
      .to('/table/state')
      .map(({ body }) => [body['driveMode'], body['lastNode'], body['targetNode']]);
    expect(told).toContainEqual(['NAVIGATING', 'Home', 'Living Room']);
    expect(told).toContainEqual(['NAVIGATING', 'Kitchen', 'Living Room']);
    expect(told.at(-1)).toEqual(['IDLE', 'Living Room', null]);
  });
});

describe('steps of a mission', () => {
  it('are acknowledged, executed once, and their result is told until it is taken', async () => {
    const { gateway, robot } = await setup();
    let refusals = 2;
    gateway.answer = ({ path }) => (path === '/table/event' && refusals-- > 0 ? 503 : 200);
    gateway.send(step());
    await waitFor('the result', () => robot.events.taken === 1);
    gateway.send(step(lease(1, 2)));
    await waitFor('the result again', () => robot.events.taken === 2);
    const result = {
      event: 'STEP_DONE',
      timestamp: expect.stringMatching(/Z$/),
      taskId: 'task',
      stepId: 'step',
    };
    expect(gateway.events).toEqual([result, result, result, result]);
    const ack = { type: 'ack', id: STEP, accepted: true };
    expect(gateway.peers[0]!.frames).toEqual([ack, ack]);
    expect(robot.commands.map(({ verdict }) => verdict)).toEqual(['obeyed', 'repeated']);
    expect(gateway.state).toMatchObject({ driveMode: 'IDLE', command: { id: STEP, status: 'DONE' } });
  });

  it('end with a cancel of their task, and only of theirs', async () => {
    const { gateway } = await setup({ timeScale: 1 });
    gateway.send(step());
    await waitFor('the step', () => gateway.state['driveMode'] === 'TASK');
    gateway.send({ command: 'CANCEL', id: 'c0', taskId: 'other', ...lease(1, 2) });
    gateway.send({ command: 'CANCEL', id: 'c1', taskId: 'task', ...lease(1, 3) });
    const failed = await waitFor('the result', () => gateway.events[0]);
    expect(failed).toMatchObject({ event: 'STEP_FAILED', stepId: 'step', reason: 'CANCELED' });
    await waitFor('idleness', () => gateway.state['driveMode'] === 'IDLE');
    expect(gateway.state).toMatchObject({ command: { id: STEP, status: 'CANCELED' } });
  });

  it('that it cannot do are refused with the reason', async () => {
    const { gateway } = await setup({ capabilities: { hasGrip: false } });
    gateway.send(step({ step: { type: 'grip', payload: { target: 'open' }, requiredTimeSeconds: 1 } }));
    await waitFor('the answer', () => gateway.peers[0]!.frames[0]);
    expect(gateway.peers[0]!.frames).toEqual([
      { type: 'ack', id: STEP, accepted: false, reason: 'NO_CAPABILITY hasGrip' },
    ]);
  });
});

describe('the control socket', () => {
  it('is opened again after a loss, and after REPLACED only when the longest wait is over', async () => {
    const { gateway, robot } = await setup({ reconnectMaxMs: 400 });
    gateway.peers[0]!.socket.terminate();
    await waitFor('the second socket', () => gateway.peers.length === 2);
    const replaced = performance.now();
    gateway.peers[1]!.socket.close(4002, 'REPLACED');
    await waitFor('the third socket', () => gateway.peers.length === 3);
    expect(performance.now() - replaced).toBeGreaterThanOrEqual(200);
    await waitFor('the robot to know', () => robot.connected);
  });

  it('lost under manual drive, stops the robot at once', async () => {
    const { gateway, robot } = await setup();
    gateway.send({ command: 'DRIVE_COMMAND', linear_velocity: 0.5, angular_velocity: 0.1, ...lease(2, 1) });
    await waitFor('motion', () => robot.hand.moving);
    gateway.peers[0]!.socket.terminate();
    await waitFor('the stop', () => !robot.hand.moving);
    expect(robot.hand.stopCause).toBe('disconnected');
  });

  it('without a sign of life is given up', async () => {
    const { gateway, robot } = await setup({ pingMs: 500 });
    await new Promise((resolve) => gateway.peers[0]!.socket.once('ping', resolve));
    expect(robot.connected).toBe(true);
    gateway.peers[0]!.socket.pause();
    await waitFor('another socket', () => gateway.peers.length === 2);
  });

  it('survives frames that make no sense', async () => {
    const { gateway, robot } = await setup();
    for (const text of ['{', '[]', 'null', '{"command":"DANCE"}', '{"type":"lease"}'])
      gateway.peers[0]!.socket.send(text);
    gateway.send({ command: 'NAVIGATE', id: 'x' });
    gateway.send(navigate({ id: 'n1' }));
    await waitFor('the arrival', () => robot.brain.table.lastNode === 'Kitchen');
    expect(robot.counts.bad).toBe(6);
    expect(gateway.peers[0]!.frames[0]).toEqual({
      type: 'ack',
      id: 'x',
      accepted: false,
      reason: 'BAD_COMMAND start, destination',
    });
  });
});

describe('faults', () => {
  it('lie: it says that it is idle and elsewhere while it drives', async () => {
    const { gateway, robot } = await setup({ timeScale: 1 });
    robot.setFaults({ lie: { idle: true, position: true, command: true } });
    gateway.send(navigate({ id: 'n1' }));
    await waitFor('the lie', () => gateway.state['command']);
    expect(robot.brain.mode).toBe('NAVIGATING');
    expect(gateway.state).toMatchObject({ driveMode: 'IDLE', command: { id: 'n1', status: 'DONE' } });
    expect(gateway.state['currentPosition']).not.toBe('Home');
    robot.clearFaults();
    await waitFor('the truth', () => gateway.state['driveMode'] === 'NAVIGATING');
  });

  it('lag: commands and telemetry come late, in their order', async () => {
    const { gateway, robot } = await setup({ faults: { lag: { commandsMs: 150, jitterMs: 50 } } });
    const sent = performance.now();
    gateway.send({ command: 'SET_MODE', mode: 'MANUAL', ...lease(1, 1) });
    gateway.send({ command: 'SET_MODE', mode: 'IDLE', ...lease(1, 2) });
    await waitFor('both', () => robot.commands.length === 2);
    expect(robot.commands[0]!.at - sent).toBeGreaterThanOrEqual(149);
    expect(robot.commands.map(({ seq }) => seq)).toEqual([1, 2]);
    robot.setFaults({ lag: { telemetryMs: 200, commandsMs: 0 } });
    robot.load('LOADED');
    const loaded = performance.now();
    await waitFor('late telemetry', () => gateway.state['cargoStatus'] === 'LOADED');
    expect(performance.now() - loaded).toBeGreaterThanOrEqual(199);
  });

  it('drop: what is lost is said again where that matters', async () => {
    const { gateway, robot } = await setup({ seed: 7 });
    robot.setFaults({ drop: { posts: 0.3, responses: 0.3, acks: 1 } });
    gateway.send(step());
    await waitFor('the result', () => robot.events.taken === 1);
    expect(gateway.events.length).toBeGreaterThanOrEqual(1);
    expect(gateway.peers[0]!.frames).toEqual([]);
    robot.setFaults({ drop: { frames: 1 } });
    gateway.send(navigate({ id: 'lost' }));
    const { socket } = gateway.peers[0]!;
    const pong = once(socket, 'pong');
    socket.ping(); // answered after everything that was sent before it
    await pong;
    robot.setFaults({ drop: { frames: 0 } });
    gateway.send(navigate({ id: 'heard' }));
    await waitFor('what is not lost', () => robot.commands.length === 2);
    expect(robot.commands[1]!.id).toBe('heard');
  });

  it('reconnect: it cuts its own socket again and again', async () => {
    const { gateway } = await setup({ faults: { reconnectEverySeconds: 0.1 } });
    await waitFor('several sockets', () => gateway.peers.length >= 4);
  });

  it('deaf: it hears nothing, keeps its socket, and stops by itself', async () => {
    const { gateway, robot } = await setup({ deadmanMs: 200, pingMs: 300 });
    gateway.send({ command: 'DRIVE_COMMAND', linear_velocity: 0.5, angular_velocity: 0, ...lease(1, 1) });
    await waitFor('motion', () => robot.hand.moving);
    robot.setFaults({ deaf: true });
    await waitFor('the stop', () => !robot.hand.moving);
    expect(robot.hand.stopCause).toBe('deadman');
    gateway.send(navigate({ id: 'n1', ...lease(2, 1) }));
    await expect(
      Promise.race([
        once(robot, 'frame'),
        new Promise((resolve) => setTimeout(() => resolve('nothing'), 1_000)),
      ]),
    ).resolves.toBe('nothing');
    expect([robot.connected, gateway.peers.length]).toEqual([true, 1]);
    robot.setFaults({ deaf: false });
    await waitFor('the command', () => robot.commands.length === 2);
  });

  it('dieMidRoute: it is gone in the middle, and after a restart its route has failed where it stands', async () => {
    const { gateway, robot } = await setup({ timeScale: 5, faults: { dieMidRoute: 0.5 } });
    gateway.send(navigate({ id: 'n1' }));
    await once(robot, 'died');
    await waitFor('the cut', () => gateway.peers[0]!.socket.readyState === 3);
    await expect(fetch(`http://127.0.0.1:${robot.port}/health`)).rejects.toThrow();
    const { port } = robot;
    await robot.start();
    await waitFor('its return', () => gateway.peers.length === 2 && robot.connected);
    await waitFor(
      'its confession',
      () => (gateway.state['command'] as { status?: string })?.status === 'FAILED',
    );
    const { x } = gateway.state['pose'] as { x: number };
    expect(x).toBeGreaterThan(1.9);
    expect(x).toBeLessThan(3.9);
    expect(robot.port).toBe(port);
    gateway.send(navigate({ id: 'n1' }));
    gateway.send(navigate({ id: 'n2' }));
    await waitFor(
      'the arrival',
      () => robot.brain.table.lastNode === 'Kitchen' && robot.brain.mode === 'IDLE',
    );
  });

  it('a gateway that is away: telemetry goes on when it is back, and it registers again', async () => {
    const { gateway, robot } = await setup({ telemetryMs: 50, registerMs: 60_000 });
    await waitFor('registration', () => robot.registered);
    const { port } = gateway;
    open.splice(open.indexOf(gateway), 1);
    await gateway.stop();
    const { sent } = robot.telemetry;
    await waitFor('telemetry in vain', () => robot.telemetry.sent > sent + 1);
    const back = await new FakeGateway().start(port);
    open.push(back);
    await waitFor('telemetry', () => back.to('/table/state').length > 0);
    await waitFor('registration', () => back.to('/table/register').length > 0);
    await waitFor('the socket', () => back.peers.length > 0);
  });
});
