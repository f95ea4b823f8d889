import { frameSubject } from '@teleop/contracts';
import { awakeBetween, waitFor } from '@teleop/testing';
import { DRIVE, openPeer, openRefused, sleep, type Peer } from '../testing/clients.spec-support';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { packFrame } from '../replicas/replica-frame';
import { startGatewayProcess } from '../testing/gateway-process.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';

describe('robot on one replica, driver on another', () => {
  let g: Gateway;
  beforeAll(async () => {
    g = await setupGateway({ replicas: 2, env: { DRIVER_INACTIVE_MS: '1500', DRIVER_SEEN_MS: '100' } });
  });
  afterAll(() => g.close());

  let robots = 0;
  const newRobotId = () => `far${(robots += 1)}`;

  /** Robot on replica 0, driver on replica 1. */
  async function apart() {
    const robotId = newRobotId();
    const robot = await g.robot(robotId, 0);
    const turn = await g.queue.activate(robotId);
    const driver = await g.driver(turn, 1);
    await g.settled(robot, driver);
    return { robotId, robot, turn, driver };
  }

  const epochsGranted = (robot: Peer) =>
    robot
      .frames()
      .filter(({ type, state }) => type === 'lease' && state === 'granted')
      .map(({ lease }) => (lease as { epoch: number }).epoch);

  /** Keeps driving, so that silence does not interfere. */
  function keepDriving(driver: Peer): () => void {
    const timer = setInterval(() => driver.ws.readyState === 1 && driver.send(DRIVE), 50);
    return () => clearInterval(timer);
  }

  it('passes frames on unchanged in both directions', async () => {
    const { robot, driver } = await apart();
    driver.send(Buffer.from([1, 2, 255]));
    robot.send('{"spaced" : "ü"}');
    robot.send(Buffer.from([9, 0, 200]));
    await waitFor('bytes at the robot', () => robot.received.some(({ binary }) => binary));
    await waitFor('both at the driver', () => driver.received.length >= 2);
    expect(robot.received.find(({ binary }) => binary)!.data).toEqual(Buffer.from([1, 2, 255]));
    expect(driver.received.map(({ data, binary }) => [data.toString('latin1'), binary])).toEqual([
      [Buffer.from('{"spaced" : "ü"}').toString('latin1'), false],
      [Buffer.from([9, 0, 200]).toString('latin1'), true],
    ]);
    await waitFor('how late it was to be measured', async () => {
      const metrics = await (await fetch(`${g.replicas[0]!.url}/metrics`)).text();
      return /^robot_frame_late_seconds_count\{.*\} [1-9]/m.test(metrics);
    });
  });

  it('closes the driver and stops the robot within 250 ms of the end of the turn', async () => {
    const { robot, turn, driver } = await apart();
    driver.send(DRIVE);
    await robot.got('joint_velocity');
    const ended = performance.now();
    await g.queue.end(turn);
    expect(await driver.wasClosed()).toMatchObject({ code: 4001 });
    await waitFor('the stop', () => robot.stoppedAt());
    expect(awakeBetween(ended, driver.closed!.at)).toBeLessThan(250);
    expect(awakeBetween(ended, robot.stoppedAt()!)).toBeLessThan(250);
  });

  it('stops the robot when the driver falls silent, and at once when his socket closes', async () => {
    const { robot, driver } = await apart();
    driver.send(DRIVE);
    const frame = await robot.got('joint_velocity');
    await waitFor('the deadman', () => robot.stops().length === 1);
    expect(awakeBetween(frame.at, robot.stoppedAt()!)).toBeLessThan(1_200);
    driver.send(DRIVE);
    await waitFor(
      'the frame',
      () => robot.texts().filter((text) => text.includes('joint_velocity')).length === 2,
    );
    const cut = performance.now();
    driver.ws.terminate();
    await waitFor('the stop', () => robot.stops().length === 2);
    expect(awakeBetween(cut, performance.now())).toBeLessThan(250);
  });

  it('lets a page that reloads onto the other replica take over, with epochs that only grow', async () => {
    const { robot, turn, driver } = await apart();
    const second = await g.driver(turn, 0);
    expect(await driver.wasClosed()).toMatchObject({ code: 4002, reason: 'REPLACED' });
    const third = await g.driver(turn, 1);
    expect(await second.wasClosed()).toMatchObject({ code: 4002 });
    await g.settled(robot, third);
    const epochs = epochsGranted(robot);
    expect(epochs).toHaveLength(3);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
  });

  it('follows a robot that reconnects to the other replica', async () => {
    const { robotId, robot, driver } = await apart();
    const moved = await g.robot(robotId, 1);
    expect(await robot.wasClosed()).toMatchObject({ code: 4002, reason: 'REPLACED' });
    await g.settled(moved, driver);
    const back = await g.robot(robotId, 0);
    expect(await moved.wasClosed()).toMatchObject({ code: 4002 });
    await g.settled(back, driver);
  });

  it('lets the robot answer a lock request, and answers for a robot that is nowhere', async () => {
    const { robot, turn, driver } = await apart();
    driver.send({ type: 'lock_request', token: turn.token });
    await robot.got('lock_request');
    robot.send('{"type":"lock_granted","by":"robot"}');
    await driver.got('"by":"robot"');
    const lonely = await g.driver(await g.queue.activate(newRobotId()), 1);
    lonely.send({ type: 'lock_request', token: 'x' });
    await lonely.got('busy');
  });

  it('answers a probe wherever the robot is', async () => {
    const { robotId, turn } = await apart();
    // Either replica may be the one that is asked.
    for (let i = 0; i < 8; i += 1) expect(await g.queue.probe(robotId, turn.tokenHash)).toBe('lock_granted');
  });

  it('refuses frames of an older epoch, and frames that were held up on the way', async () => {
    const { robotId, robot, driver } = await apart();
    const [epoch] = epochsGranted(robot);
    const send = (frameEpoch: number, sentAt: number, text: string) => {
      // As from the replica whose frames before tell what is on time.
      const from = g.replicas[1]!.app.get(NatsReplicaLink).replica;
      const head = { epoch: frameEpoch, sentAt, binary: false, unsealed: false, from };
      g.queue.nc.publish(frameSubject('toRobot', robotId), packFrame(head, text));
    };
    const now = performance.now();
    send(epoch! - 1, now, '{"of":"older epoch"}');
    send(epoch! + 1, now, '{"of":"epoch nobody has"}');
    send(epoch!, now - 5_000, '{"of":"long ago"}');
    send(epoch!, performance.now(), '{"of":"this moment"}');
    await robot.got('this moment');
    expect(robot.texts().join()).not.toMatch(/older epoch|nobody has|long ago/);
    await g.settled(robot, driver);
  });

  it('refuses what a replaced driver’s replica still sends after the turn has ended', async () => {
    const { robotId, robot, turn } = await apart();
    const [epoch] = epochsGranted(robot);
    await g.queue.end(turn);
    await robot.got('"ended"');
    const head = { epoch: epoch!, sentAt: performance.now(), binary: false, unsealed: false, from: 'it' };
    g.queue.nc.publish(frameSubject('toRobot', robotId), packFrame(head, '{"of":"the dead"}'));
    await g.queue.nc.flush();
    await sleep(100);
    expect(robot.texts().join()).not.toContain('the dead');
  });

  describe('when the driver’s process is killed', () => {
    it('stops the robot within 1.2 s, and lets the driver back in elsewhere', async () => {
      const gone = await startGatewayProcess(g.env);
      const robotId = newRobotId();
      const robot = await g.robot(robotId, 0);
      const turn = await g.queue.activate(robotId);
      const driver = await openPeer(`${gone.url}/ws/drive/session?robotId=${robotId}&token=${turn.token}`);
      await g.settled(robot, driver);
      const stopDriving = keepDriving(driver);
      await robot.got('joint_velocity');
      const killed = performance.now();
      await gone.kill9();
      stopDriving();
      await waitFor('the stop', () => robot.stoppedAt(), { timeoutMs: 3_000 });
      process.stdout.write(`stopped ${(robot.stoppedAt()! - killed).toFixed(0)} ms after the kill\n`);
      expect(awakeBetween(killed, robot.stoppedAt()!)).toBeLessThan(1_200);
      const back = await g.driver(turn, 1);
      await g.settled(robot, back);
      expect(epochsGranted(robot)).toHaveLength(2);
    }, 20_000);

    it('counts his silence all the same, when he does not come back', async () => {
      const gone = await startGatewayProcess(g.env);
      const robotId = newRobotId();
      const turn = await g.queue.activate(robotId);
      const driver = await openPeer(`${gone.url}/ws/drive/session?robotId=${robotId}&token=${turn.token}`);
      driver.send(DRIVE);
      await sleep(300);
      await gone.kill9();
      await waitFor('the report', () => g.queue.inactive.some((event) => event.robotId === robotId));
      await sleep(500);
      expect(g.queue.inactive.filter((event) => event.robotId === robotId)).toHaveLength(1);
    }, 20_000);
  });

  it('knows running turns again after a restart, and lets nobody else in', async () => {
    const { robotId, turn } = await apart();
    const asked = g.queue.asked;
    await g.start();
    await waitFor('it to ask queue-service', () => g.queue.asked > asked);
    const again = await g.driver(turn, 2);
    expect(again.closed).toBeUndefined();
    expect(await openRefused(g.driveUrl(robotId, 'other', 2))).toMatchObject({ status: 401 });
  });

  it('finds out after a restart that a turn ended while it was away', async () => {
    const robotId = newRobotId();
    const turn = await g.queue.activate(robotId);
    await waitFor('the turn to be stored', async () => (await g.turn(robotId)) !== undefined);
    await g.queue.end(turn, { announce: false });
    await g.start();
    await waitFor('the end', async () => (await g.turn(robotId))?.['ended_at'] !== null);
    expect(await openRefused(g.driveUrl(robotId, turn.token, 3))).toMatchObject({ status: 403 });
  });
});
