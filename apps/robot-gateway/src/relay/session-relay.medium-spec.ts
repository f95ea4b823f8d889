import { awakeBetween, waitFor } from '@teleop/testing';
import { DRIVE, openPeer, openRefused, sleep } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';

describe('the session relay', () => {
  let g: Gateway;
  beforeAll(async () => {
    g = await setupGateway();
  });
  afterAll(() => g.close());

  let robots = 0;
  const newRobotId = () => `arm${(robots += 1)}`;

  async function pair() {
    const robotId = newRobotId();
    const robot = await g.robot(robotId);
    const turn = await g.queue.activate(robotId);
    const driver = await g.driver(turn);
    return { robotId, robot, turn, driver };
  }

  it('passes frames on unchanged in both directions, text as text and bytes as bytes', async () => {
    const { robot, driver } = await pair();
    const text = '{"odd" :  "spacing","n":1e0, "ü":"\\u00fc"}';
    const bytes = Buffer.from([0, 255, 1, 254]);
    driver.send(text);
    driver.send(bytes);
    robot.send(text);
    robot.send(bytes);
    await waitFor('both to arrive', () => driver.received.length >= 2 && robot.received.length >= 3);
    const [, ...toRobot] = robot.received;
    for (const received of [toRobot, driver.received]) {
      expect(received.map(({ data, binary }) => [data.toString('latin1'), binary])).toEqual([
        [Buffer.from(text).toString('latin1'), false],
        [bytes.toString('latin1'), true],
      ]);
    }
  });

  it('lets the driver in before the event of his turn has arrived', async () => {
    const robotId = newRobotId();
    await g.robot(robotId);
    const turn = await g.queue.activate(robotId, { announce: false });
    const driver = await g.driver(turn);
    expect(driver.closed).toBeUndefined();
    expect(await g.lease(robotId)).toMatchObject({ holder_kind: 'session', token_hash: turn.tokenHash });
    await g.queue.announceActivated(turn);
    await sleep(100);
    expect(driver.closed).toBeUndefined();
  });

  it('refuses at the upgrade whoever is not driving now, and says why', async () => {
    const { robotId, turn } = await pair();
    const wrong = await openRefused(g.driveUrl(robotId, 'not-a-token'));
    expect(wrong).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    expect(wrong.contentType).toContain('application/problem+json');
    expect(await openRefused(g.driveUrl(newRobotId(), turn.token))).toMatchObject({ status: 401 });
    expect(await openRefused(g.driveUrl(robotId, ''))).toMatchObject({ status: 401 });
    expect(await openRefused(g.driveUrl('no.dots', turn.token))).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ path: 'robotId' }] },
    });
    await g.queue.end(turn);
    await waitFor('the end to be known', async () => (await g.turn(robotId))?.['ended_at'] !== null);
    expect(await openRefused(g.driveUrl(robotId, turn.token))).toMatchObject({
      status: 403,
      body: { code: 'SESSION_ENDED' },
    });
  });

  it('replaces the driver’s first socket by his second, under a new epoch', async () => {
    const { robotId, robot, turn, driver } = await pair();
    const before = Number((await g.lease(robotId))?.['epoch']);
    const second = await g.driver(turn);
    expect(await driver.wasClosed()).toMatchObject({ code: 4002, reason: 'REPLACED' });
    expect(Number((await g.lease(robotId))?.['epoch'])).toBe(before + 1);
    second.send('{"from":"second"}');
    await robot.got('second');
    expect(robot.frames().filter(({ type }) => type === 'lease')).toMatchObject([
      { lease: { epoch: before }, state: 'granted' },
      { lease: { epoch: before + 1 }, state: 'granted' },
    ]);
  });

  it('closes the driver and stops the robot within 250 ms of the end of the turn', async () => {
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const { robot, turn, driver } = await pair();
      driver.send(DRIVE);
      await robot.got('joint_velocity');
      const ended = performance.now();
      await g.queue.end(turn);
      const closed = await driver.wasClosed();
      expect(closed).toMatchObject({ code: 4001, reason: 'SESSION_ENDED' });
      await waitFor('the stop', () => robot.stoppedAt());
      times.push(awakeBetween(ended, closed.at), awakeBetween(ended, robot.stoppedAt()!));
      expect(robot.frames().at(-1)).toMatchObject({ type: 'lease', state: 'ended' });
      robot.ws.terminate();
    }
    process.stdout.write(`cut off after at most ${Math.max(...times).toFixed(1)} ms\n`);
    expect(Math.max(...times)).toBeLessThan(250);
  });

  it('hands the robot from one driver to the next', async () => {
    const { robotId, robot, turn, driver } = await pair();
    await g.queue.end(turn);
    const next = await g.queue.activate(robotId);
    const nextDriver = await g.driver(next);
    expect(await driver.wasClosed()).toMatchObject({ code: 4001 });
    nextDriver.send('{"from":"next"}');
    await robot.got('next');
    const epochs = robot
      .frames()
      .filter(({ type, state }) => type === 'lease' && state === 'granted')
      .map(({ lease }) => (lease as { epoch: number }).epoch);
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(new Set(epochs).size).toBe(2);
  });

  it('hears facts twice, late and out of order without a driver too many or too few', async () => {
    const { robotId, turn, driver } = await pair();
    const next = await g.queue.activate(robotId, { announce: false });
    await g.queue.announceActivated(next);
    expect(await driver.wasClosed()).toMatchObject({ code: 4001 });
    const nextDriver = await g.driver(next);
    await g.queue.announceEnded(turn);
    await g.queue.announceActivated(turn);
    await g.queue.announceActivated(next);
    await sleep(200);
    expect(nextDriver.closed).toBeUndefined();
    expect(await openRefused(g.driveUrl(robotId, turn.token))).toMatchObject({ status: 401 });
    expect(Number((await g.turn(robotId))?.['turn'])).toBe(next.turn);
  });

  it('keeps the driver when the robot is lost, and joins them again when it is back', async () => {
    const { robotId, robot, driver } = await pair();
    robot.ws.terminate();
    await sleep(50);
    driver.send('{"to":"nobody"}');
    await sleep(50);
    expect(driver.closed).toBeUndefined();
    const back = await g.robot(robotId);
    await g.settled(back, driver);
    expect(back.texts().join()).not.toContain('nobody');
    expect(back.frames()[0]).toMatchObject({ type: 'lease', state: 'granted' });
  });

  it('lets the newest socket of a robot win', async () => {
    const { robotId, robot, driver } = await pair();
    const newer = await g.robot(robotId);
    expect(await robot.wasClosed()).toMatchObject({ code: 4002, reason: 'REPLACED' });
    driver.send('{"to":"newer"}');
    await newer.got('newer');
  });

  it('takes the default robot when none is named, and refuses what is no robot id', async () => {
    const turn = await g.queue.activate('table1');
    const url = g.robotUrl('x').split('?')[0]!;
    const robot = await openPeer(url);
    const driver = await g.driver(turn);
    driver.send('{"to":"table"}');
    await robot.got('table');
    // It did not ask for lease frames.
    expect(robot.frames()).toEqual([{ to: 'table' }]);
    robot.ws.close();
    expect(await openRefused(`${url}?robotId=a%20b`)).toMatchObject({ status: 400 });
  });

  it('tells queue-service by request what it would tell the driver', async () => {
    const { robotId, robot, turn } = await pair();
    expect(await g.queue.probe(robotId, turn.tokenHash)).toBe('lock_granted');
    expect(await g.queue.probe(robotId, 'f'.repeat(64))).toBe('busy');
    robot.ws.terminate();
    await waitFor(
      'the robot to be gone',
      async () => (await g.queue.probe(robotId, turn.tokenHash)) === 'busy',
    );
  });
});
