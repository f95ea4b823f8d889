import { createHmac } from 'node:crypto';
import { awakeBetween, waitFor } from '@teleop/testing';
import { apiUser, type ApiUser } from '../testing/api.spec-support';
import { openPeer, sleep } from '../testing/clients.spec-support';
import { startGatewayProcess } from '../testing/gateway-process.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { commandsOf, DRIVE, framesOf, tableOf, type Table } from '../testing/table.spec-support';

const LOCK_MS = 1_500;
/** Longer than a busy machine lets a test's own timers wait. */
const DEADMAN_MS = 1_200;
const admin = apiUser('Admin', 'Ada');
const operator = apiUser('Operator', 'Olga');
const other = apiUser('Operator', 'Otto');

let robots = 0;

/** A registered robot of its own; `replica` is where it and its people speak unless they say otherwise. */
async function newTable(gateway: Gateway, replica = 0): Promise<Table> {
  const robotId = `m-${(robots += 1)}`;
  const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
  const table = tableOf(gateway, { robotId, key: body.apiKey, replica });
  for (const [index] of gateway.replicas.entries())
    await waitFor('the robot to be known', async () => (await table.status(index))?.robotConnected === false);
  return table;
}

describe.each([
  ['on one replica', 0],
  ['on different replicas', 1],
])('robot and manual driver %s', (_what, driverAt) => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await setupGateway({
      replicas: 2,
      env: { DRIVE_LOCK_MS: String(LOCK_MS), DRIVE_DEADMAN_MS: String(DEADMAN_MS), ROBOT_CLEANUP_MS: '200' },
    });
  });
  afterAll(() => gateway.close());

  async function driving(user = operator) {
    const table = await newTable(gateway);
    const robot = await table.control(0);
    const socket = await table.manual(user, driverAt);
    expect((await table.lock(user, driverAt)).body.status).toBe('success');
    await waitFor('a frame to arrive', async () => {
      socket.send(DRIVE(0.5, 0));
      await sleep(10);
      return commandsOf(robot).length > 0;
    });
    expect(robot.stops()).toEqual([]);
    return { table, robot, socket };
  }

  const stopped = (robot: Parameters<typeof framesOf>[0]) =>
    waitFor(
      'the stop',
      () => robot.received.find(({ data }) => data.includes('"linear_velocity":0,"angular_velocity":0'))?.at,
    );

  it('stops the robot within 250 ms of the socket’s closing', async () => {
    const { robot, socket } = await driving();
    socket.send(DRIVE(0.5, 0));
    const cut = performance.now();
    socket.ws.terminate();
    expect(awakeBetween(cut, await stopped(robot))).toBeLessThan(250);
  });

  it('stops it within 250 ms of the lock’s release, and takes no more frames', async () => {
    const { table, robot, socket } = await driving();
    const keep = setInterval(() => socket.send(DRIVE(0.7, 0)), 20);
    await table.unlock(operator, driverAt);
    // Committed by now; how long the database took for it is not the robot's time.
    const released = performance.now();
    expect(awakeBetween(released, await stopped(robot))).toBeLessThan(250);
    await sleep(100);
    clearInterval(keep);
    const last = framesOf(robot).at(-1)!;
    expect(last).toMatchObject({ linear_velocity: 0 });
    expect(socket.closed).toBeUndefined();
  });

  it('stops it within 250 ms of the lock’s running out', async () => {
    const { table, robot, socket } = await driving();
    await table.lock(operator, driverAt);
    const end = performance.now() + LOCK_MS;
    const keep = setInterval(() => socket.send(DRIVE(0.7, 0)), 20);
    const at = await stopped(robot);
    clearInterval(keep);
    expect(awakeBetween(end, at)).toBeLessThan(250);
    expect(at - end).toBeGreaterThan(-250);
    await waitFor('the lock to be gone', async () => (await gateway.lock(table.robotId)) === undefined);
    expect(commandsOf(robot).at(-1)).toEqual(DRIVE(0, 0));
  });

  it('goes on without a stop while the lock is renewed', async () => {
    const { table, robot, socket } = await driving();
    const keep = setInterval(() => socket.send(DRIVE(0.7, 0)), 20);
    for (let renewal = 0; renewal < 6; renewal += 1) {
      await sleep(LOCK_MS / 3);
      expect((await table.lock(operator, driverAt)).body.status).toBe('success');
    }
    clearInterval(keep);
    expect(robot.stops().filter(({ linear_velocity: v }) => v === 0)).toEqual([]);
    expect(new Set(framesOf(robot).map(({ lease }) => lease!.epoch)).size).toBe(1);
  });

  it('stops it when the driver falls silent, once, and goes on with his next frame', async () => {
    const { table, robot, socket } = await driving();
    await stopped(robot);
    await sleep(DEADMAN_MS / 2);
    expect(robot.stops()).toHaveLength(1);
    await table.lock(operator, driverAt);
    socket.send(DRIVE(0.3, 0));
    await robot.got('"linear_velocity":0.3');
  });

  it('gives the robot to the next holder under a newer epoch, and refuses the last one’s frames', async () => {
    const { table, robot, socket } = await driving();
    const next = await table.manual(other, 0);
    await table.unlock(operator, driverAt);
    await table.lock(other, 0);
    const keep = setInterval(() => {
      socket.send(DRIVE(0.1, 0));
      next.send(DRIVE(0.9, 0));
    }, 10);
    await robot.got('"linear_velocity":0.9');
    await sleep(200);
    clearInterval(keep);
    const frames = framesOf(robot);
    const from = frames.findIndex(({ linear_velocity: v }) => v === 0.9);
    expect(frames.slice(from).filter(({ linear_velocity: v }) => v === 0.1)).toEqual([]);
    const epochs = frames.map(({ lease }) => lease!.epoch);
    expect([...epochs].sort((a, b) => a - b)).toEqual(epochs);
  });

  it('lets an Admin’s hand in between, and gives the robot back to the lock’s holder', async () => {
    const { table, robot, socket } = await driving();
    const boss = await table.manual(admin, 0);
    const renew = setInterval(() => void table.lock(operator, driverAt), 300);
    const keep = setInterval(() => socket.send(DRIVE(0.1, 0)), 20);
    boss.send(DRIVE(0.9, 0));
    await robot.got('"linear_velocity":0.9');
    const since = robot.received.length;
    // The Admin's hand lasts PREEMPTION_MS; then the Operator's frames are taken again.
    await waitFor('the Operator to drive again', () =>
      robot.received.slice(since).some(({ data }) => data.includes('"linear_velocity":0.1')),
    );
    clearInterval(keep);
    clearInterval(renew);
    const epochs = framesOf(robot).map(({ lease }) => lease!.epoch);
    expect([...epochs].sort((a, b) => a - b)).toEqual(epochs);
    expect(new Set(epochs).size).toBeGreaterThanOrEqual(3);
  });

  it('does not send a frame later that the robot was not there for', async () => {
    const { table, robot, socket } = await driving();
    robot.ws.terminate();
    await waitFor('the robot to be gone', async () => {
      socket.send(DRIVE(0.8, 0));
      await sleep(20);
      return (await table.api.metric('robot_frames_dropped_total{reason="robot_offline"', driverAt)) > 0;
    });
    const back = await table.control(0);
    await sleep(300);
    expect(commandsOf(back).filter((command) => JSON.stringify(command).includes('0.8'))).toEqual([]);
  });
});

describe('a manual driver’s process', () => {
  it('is killed: the robot at another replica is stopped within 1.2 s', async () => {
    const gateway = await setupGateway();
    const process = await startGatewayProcess(gateway.env);
    try {
      const table = await newTable(gateway);
      const robot = await table.control(0);
      const url = process.url;
      const call = () =>
        fetch(`${url}/drive/lock?robotId=${table.robotId}`, { method: 'POST', headers: operator.headers });
      await waitFor(
        'the lock',
        async () => ((await (await call()).json()) as { status: string }).status === 'success',
      );
      const token = operator.headers.authorization.slice(7);
      const socket = await openPeer(`${url}/ws/drive/manual?token=${token}&robotId=${table.robotId}`);
      await waitFor('frames to arrive', async () => {
        socket.send(DRIVE(0.5, 0));
        await sleep(20);
        return commandsOf(robot).length > 2;
      });
      socket.send(DRIVE(0.5, 0));
      const killed = performance.now();
      await process.kill9();
      const at = await waitFor('the stop', () => robot.stoppedAt());
      expect(awakeBetween(killed, at)).toBeLessThan(1_200);
    } finally {
      await process.kill9();
      await gateway.close();
    }
  });
});

describe('a token’s end', () => {
  it('closes the sockets it opened', async () => {
    const gateway = await setupGateway();
    try {
      const table = tableOf(gateway);
      const user = shortLived('Admin', 2);
      const [manual, events] = [await table.manual(user), await table.events(user)];
      expect(await manual.wasClosed()).toMatchObject({ code: 1008, reason: 'TOKEN_EXPIRED' });
      expect(await events.wasClosed()).toMatchObject({ code: 1008, reason: 'TOKEN_EXPIRED' });
    } finally {
      await gateway.close();
    }
  });
});

function shortLived(role: string, seconds: number): ApiUser {
  const claims = { sub: admin.userId, name: role, role, exp: Math.floor(Date.now() / 1_000) + seconds };
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', 'dev-jwt-secret').update(`${head}.${body}`).digest('base64url');
  return { ...admin, headers: { authorization: `Bearer ${head}.${body}.${signature}` } };
}
