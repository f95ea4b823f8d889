import { sha256Hex } from '@teleop/auth';
import { ArmRobot } from '@teleop/sim-arm-robot';
import { awakeBetween, waitFor } from '@teleop/testing';
import {
  DRIVE,
  isPeer,
  open,
  openRefused,
  sleep,
  wallClockOffset,
  type Peer,
} from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';

const LOCK_MS = 150;

describe('safety on the session relay', () => {
  let g: Gateway;
  beforeAll(async () => {
    g = await setupGateway({
      env: {
        DRIVE_DEADMAN_MS: '400',
        DRIVER_INACTIVE_MS: '900',
        DRIVER_SEEN_MS: '100',
        LOCK_ANSWER_MS: String(LOCK_MS),
        DRIVE_MAX_FRAMES_PER_S: '100',
        DRIVE_FLOOD_FRAMES_PER_S: '1000',
        DRIVE_MAX_FRAME_BYTES: '65536',
      },
    });
  });
  afterAll(() => g.close());

  let robots = 0;
  const newRobotId = () => `safe${(robots += 1)}`;

  async function pair(ms?: number) {
    const robotId = newRobotId();
    const robot = await g.robot(robotId);
    const turn = await g.queue.activate(robotId, { ms });
    const driver = await g.driver(turn);
    return { robotId, robot, turn, driver };
  }

  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${g.replicas[0]!.url}/metrics`)).text();
    const line = text
      .split('\n')
      .find((row) => row.startsWith(name.replace('}', ',')) || row.startsWith(name));
    return Number(line?.split(' ').at(-1) ?? Number.NaN);
  };

  it('stops the robot once when its driver sends nothing for the deadman’s time, and again only after new frames', async () => {
    const { robot, driver } = await pair();
    driver.send(DRIVE);
    const frame = await robot.got('joint_velocity');
    await waitFor('the stop', () => robot.stoppedAt());
    expect(robot.stoppedAt()! - frame.at).toBeGreaterThan(380);
    expect(awakeBetween(frame.at, robot.stoppedAt()!)).toBeLessThan(600);
    await sleep(600);
    expect(robot.stops()).toHaveLength(1);
    expect(driver.closed).toBeUndefined();
    driver.send(DRIVE);
    await waitFor('the second stop', () => robot.stops().length === 2);
    const leases = robot.stops().map(({ lease }) => lease);
    expect(leases[1]!.epoch).toBe(leases[0]!.epoch);
    expect(leases[1]!.seq).toBeGreaterThan(leases[0]!.seq);
  });

  it('does not stop a robot whose driver keeps sending', async () => {
    const { robot, driver } = await pair();
    for (let i = 0; i < 20; i += 1) {
      driver.send(DRIVE);
      await sleep(50);
    }
    expect(robot.stops()).toHaveLength(0);
  });

  it('stops the robot at once when the driver’s socket closes', async () => {
    const { robot, driver } = await pair();
    driver.send(DRIVE);
    await robot.got('joint_velocity');
    const cut = performance.now();
    driver.ws.terminate();
    await waitFor('the stop', () => robot.stoppedAt());
    expect(awakeBetween(cut, robot.stoppedAt()!)).toBeLessThan(250);
  });

  it('ends a turn at its time by its own clock, with no event and nobody to ask', async () => {
    const { robotId, robot, turn, driver } = await pair(700);
    await sleep(100);
    driver.send(DRIVE);
    const closed = await driver.wasClosed();
    expect(closed).toMatchObject({ code: 4001, reason: 'SESSION_ENDED' });
    const late = wallClockOffset() + closed.at - Date.parse(turn.expiresAt);
    // The two clocks are read one after the other, and a busy machine stops in between.
    expect(late).toBeGreaterThan(-250);
    expect(awakeBetween(closed.at - late, closed.at)).toBeLessThan(250);
    await waitFor('the stop', () => robot.stoppedAt());
    expect(await openRefused(g.driveUrl(robotId, turn.token))).toMatchObject({ status: 403 });
  });

  it('reports a silent driver once, and the turn goes on until queue-service ends it', async () => {
    const { robotId, turn, driver } = await pair();
    driver.send(DRIVE);
    const about = () => g.queue.inactive.filter((event) => event.robotId === robotId);
    await waitFor('the report', () => about().length === 1);
    expect(about()[0]).toMatchObject({ robotId, tokenHash: turn.tokenHash });
    expect(about()[0]!.silentMs).toBeGreaterThanOrEqual(900);
    expect(driver.closed).toBeUndefined();
    await sleep(1_200);
    expect(about()).toHaveLength(1);
    await g.queue.end(turn, { reason: 'inactive' });
    expect(await driver.wasClosed()).toMatchObject({ code: 4001 });
  });

  it('reports a driver who closed his page and did not come back', async () => {
    const { robotId, driver } = await pair();
    driver.send(DRIVE);
    driver.ws.close();
    await waitFor('the report', () => g.queue.inactive.some((event) => event.robotId === robotId));
  });

  it('does not report a driver who reloads his page, nor one who never connected', async () => {
    const { robotId, turn, driver } = await pair();
    const absent = await g.queue.activate(newRobotId());
    await sleep(600);
    driver.ws.close();
    const again = await g.driver(turn);
    await sleep(600);
    again.send(DRIVE);
    await sleep(600);
    const reported = g.queue.inactive.map((event) => event.robotId);
    expect(reported).not.toContain(robotId);
    expect(reported).not.toContain(absent.robotId);
  });

  it('closes a driver whose lease was taken by somebody whose word was lost', async () => {
    const { robotId, robot, turn, driver } = await pair();
    driver.send(DRIVE);
    await robot.got('joint_velocity');
    await g.pool.query(
      `UPDATE robots.lease SET epoch = epoch + 1, holder = 'elsewhere' WHERE robot_id = $1`,
      [robotId],
    );
    expect(await driver.wasClosed()).toMatchObject({ code: 4002, reason: 'REPLACED' });
    await waitFor('the stop', () => robot.stoppedAt());
    const again = await g.driver(turn);
    await g.settled(robot, again);
  });

  describe('asked for the lock', () => {
    const answers = (driver: Peer) =>
      driver.frames().filter(({ type }) => type === 'lock_granted' || type === 'busy');
    const ask = (token: string) => ({ type: 'lock_request', token });

    it('lets the robot answer, once', async () => {
      const { robot, turn, driver } = await pair();
      driver.send(ask(turn.token));
      await robot.got('lock_request');
      robot.send({ type: 'busy', by: 'robot' });
      await driver.got('busy');
      await sleep(LOCK_MS * 2);
      expect(answers(driver)).toEqual([{ type: 'busy', by: 'robot' }]);
    });

    it('answers for a robot that does not, and swallows its late answer', async () => {
      const { robot, turn, driver } = await pair();
      driver.send(ask(turn.token));
      await driver.got('lock_granted');
      robot.send({ type: 'busy' });
      robot.send({ type: 'state' });
      await driver.got('state');
      expect(answers(driver)).toEqual([{ type: 'lock_granted' }]);
      // It moved nothing, so there is nothing to stop.
      await sleep(600);
      expect(robot.stops()).toHaveLength(0);
    });

    it('answers busy to a token that is not the turn’s', async () => {
      const { driver } = await pair();
      driver.send(ask('something else'));
      await driver.got('busy');
      expect(answers(driver)).toEqual([{ type: 'busy' }]);
    });

    it('answers busy at once when the robot is not connected', async () => {
      const robotId = newRobotId();
      const driver = await g.driver(await g.queue.activate(robotId));
      const asked = performance.now();
      driver.send('{ "token": "x", "type": "lock_request" }');
      expect((await driver.got('busy')).at - asked).toBeLessThan(LOCK_MS);
    });

    it('is answered by the simulated arm', async () => {
      const robotId = newRobotId();
      const arm = new ArmRobot({ robotId, url: g.replicas[0]!.url.replace('http', 'ws') }).start();
      try {
        await waitFor('the arm', () => arm.connected);
        const turn = await g.queue.activate(robotId);
        const driver = await g.driver(turn);
        driver.send(ask(turn.token));
        await driver.got('lock_granted');
        driver.send(DRIVE);
        await driver.got('"moving":true');
        await g.queue.end(turn);
        await waitFor('the arm to stand', () => !arm.brain.arm.moving);
        expect(arm.brain.leases.current).toMatchObject({ state: 'ended' });
      } finally {
        await arm.stop();
      }
    });
  });

  it('closes a driver who sends too big a frame, and his robot never sees it', async () => {
    const { robot, driver } = await pair();
    driver.send(Buffer.alloc(65_536, 1));
    await waitFor('the largest allowed', () => robot.received.some(({ data }) => data.length === 65_536));
    driver.send(Buffer.alloc(65_537, 2));
    expect(await driver.wasClosed()).toMatchObject({ code: 1009 });
    expect(robot.received.some(({ data }) => data.length > 65_536)).toBe(false);
  });

  it('passes on what is not JSON, and survives it', async () => {
    const { robot, driver } = await pair();
    for (const text of ['', '{', '"lock_request"', 'null', '{"type":"lock_request"']) driver.send(text);
    driver.send('{"the":"end"}');
    await robot.got('the');
    expect(robot.texts()).toEqual(expect.arrayContaining(['', '{', 'null']));
  });

  it('drops and counts what a flooding driver sends beyond his share', async () => {
    const { robot, driver } = await pair();
    const before = await metric('robot_frames_dropped_total{reason="flood"}');
    for (let i = 0; i < 500; i += 1) driver.send(`{"n":${i}}`);
    await sleep(300);
    const passed = robot.frames().filter((frame) => 'n' in frame).length;
    expect(passed).toBeGreaterThanOrEqual(100);
    expect(passed).toBeLessThan(160);
    expect(driver.closed).toBeUndefined();
    await waitFor('the count', async () => {
      const dropped = (await metric('robot_frames_dropped_total{reason="flood"}')) - before;
      return dropped >= 340;
    });
  });

  it('closes a driver whose flood would cost the others', async () => {
    const { driver } = await pair();
    for (let i = 0; i < 3_000; i += 1) driver.send('{"flood":true}');
    expect(await driver.wasClosed()).toMatchObject({ code: 1008, reason: 'TOO_MANY_FRAMES' });
  });

  it('drops frames for a robot that does not read, and keeps its own memory bounded', async () => {
    const { robot, driver } = await pair();
    const before = await metric('robot_frames_dropped_total{reason="robot_slow"}');
    robot.ws.pause();
    const big = Buffer.alloc(60_000, 7);
    for (let i = 0; i < 400; i += 1) {
      driver.send(big);
      await sleep(11);
    }
    await waitFor('the drops to be counted', async () => {
      return (await metric('robot_frames_dropped_total{reason="robot_slow"}')) > before;
    });
    robot.ws.resume();
  }, 20_000);

  it('shows its sockets, frames and stops as metrics', async () => {
    await waitFor('robots in the metrics', async () => (await metric('robots_connected{')) > 0);
    expect(await metric('drivers_connected{')).toBeGreaterThan(0);
    expect(await metric('robot_stops_total{reason="deadman"}')).toBeGreaterThan(0);
    expect(await metric('robot_frames_total{direction="to_robot"}')).toBeGreaterThan(0);
    expect(await metric('robot_lease_epochs_total{')).toBeGreaterThan(0);
    expect(await metric('robot_handoff_seconds_count{')).toBeGreaterThan(0);
  });
});

describe('a robot’s socket where keys are required', () => {
  it('is refused without the key, and let in with it in the header or in the query', async () => {
    const g = await setupGateway({ env: { ROBOT_SOCKET_AUTH: 'required', ROBOT_API_KEY: 'right' } });
    try {
      // Every robot but the default one has a key of its own.
      await g.pool.query(
        "INSERT INTO robots.robot (robot_id, name, api_key_hash) VALUES ('arm1', 'arm1', $1)",
        [sha256Hex('its own')],
      );
      g.hint('arm1', 'robot');
      const url = g.robotUrl('arm1');
      await waitFor('the robot to be known', async () => isPeer(await open(`${url}&key=its own`)));
      expect(await openRefused(url)).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
      expect(await openRefused(`${url}&key=wrong`)).toMatchObject({ status: 401 });
      const byQuery = await open(`${url}&key=its own`);
      const byHeader = await open(url, { 'x-api-key': 'its own' });
      expect([isPeer(byQuery), isPeer(byHeader)]).toEqual([true, true]);
      // The default robot's key opens the default robot.
      expect(await openRefused(`${url}&key=right`)).toMatchObject({ status: 401 });
      expect(isPeer(await open(g.robotUrl('table1'), { 'x-api-key': 'right' }))).toBe(true);
    } finally {
      await g.close();
    }
  });
});

describe('a graceful stop of the only replica', () => {
  it('tells a robot that is being driven to stand still before it closes its socket', async () => {
    const g = await setupGateway();
    try {
      const robot = await g.robot('last');
      const driver = await g.driver(await g.queue.activate('last'));
      driver.send(DRIVE);
      await robot.got('joint_velocity');
      await g.replicas[0]!.close();
      await robot.wasClosed();
      expect(robot.stops()).toHaveLength(1);
    } finally {
      await g.close();
    }
  });
});
