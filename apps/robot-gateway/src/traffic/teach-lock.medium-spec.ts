import { randomUUID } from 'node:crypto';
import {
  taskCreate,
  trafficAcquire,
  trafficHeartbeat,
  trafficUpdateScope,
  type AskTrafficAcquire,
} from '@teleop/contracts';
import { awakeBetween, waitFor } from '@teleop/testing';
import { apiUser, type ApiUser } from '../testing/api.spec-support';
import { sleep, wallClockOffset, type Peer } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { commandsOf, DRIVE, framesOf, gotCommands, tableOf, type Table } from '../testing/table.spec-support';
import { neighbourOf, type Neighbour } from './neighbour.spec-support';
import { TEACH_INVARIANTS, TRAFFIC_INVARIANTS, violationsIn } from './traffic.spec-support';

const admin = apiUser('Admin', 'Ada');
const teacher = apiUser('Operator', 'Tea');
const other = apiUser('Operator', 'Otto');
const PREEMPTION_MS = 300;

let robots = 0;

describe('teach locks: traffic and the robot’s lease in one', () => {
  let gateway: Gateway;
  let neighbour: Neighbour;
  let ask: Neighbour['ask'];
  beforeAll(async () => {
    gateway = await setupGateway({
      replicas: 2,
      env: {
        TRAFFIC_SWEEP_MS: '50',
        ROBOT_CLEANUP_MS: '100',
        PREEMPTION_MS: String(PREEMPTION_MS),
      },
    });
    neighbour = await neighbourOf(gateway);
    ({ ask } = neighbour);
  });
  afterAll(async () => {
    expect(await violations()).toEqual([]);
    await neighbour.close();
    await gateway.close();
  });

  const violations = () =>
    violationsIn((sql) => gateway.pool.query(sql).then(({ rows }) => rows), {
      ...TRAFFIC_INVARIANTS,
      ...TEACH_INVARIANTS,
    });

  async function newTable(replica = 0): Promise<Table> {
    const robotId = `t-${(robots += 1)}`;
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
    const table = tableOf(gateway, { robotId, key: body.apiKey, replica });
    for (const [index] of gateway.replicas.entries())
      await waitFor(
        'the robot to be known',
        async () => (await table.status(index))?.robotConnected === false,
      );
    return table;
  }

  const teachAsk = (
    table: Table,
    user: ApiUser | undefined = teacher,
    ttlSeconds = 60,
  ): AskTrafficAcquire => ({
    lockId: randomUUID(),
    robotId: table.robotId,
    scope: { nodeIds: [table.robotId], pathIds: [] },
    ttlSeconds,
    purpose: 'teach',
    teacher: user && { userId: user.userId, name: user.name },
  });
  const teach = async (table: Table, user?: ApiUser, ttlSeconds?: number) => {
    const asked = teachAsk(table, user, ttlSeconds);
    await ask.ask(trafficAcquire, asked);
    return asked.lockId;
  };
  const refused = async (asked: AskTrafficAcquire, words: string) => {
    await expect(ask.ask(trafficAcquire, asked)).rejects.toMatchObject({
      code: 'robot_held',
      detail: expect.stringContaining(words) as string,
    });
    // All or nothing: neither half of it is there.
    const { rows } = await gateway.pool.query('SELECT 1 FROM robots.traffic_lock WHERE lock_id = $1', [
      asked.lockId,
    ]);
    expect(rows).toEqual([]);
  };
  const release = (lockId: string) => neighbour.release(lockId);
  const kindOf = async (table: Table) => (await gateway.lease(table.robotId))?.['holder_kind'];
  const epochOf = async (table: Table) => Number((await gateway.lease(table.robotId))?.['epoch']);

  async function drives(socket: Peer, robot: Peer, speed: number): Promise<void> {
    await waitFor(`${speed} m/s at the robot`, async () => {
      socket.send(DRIVE(speed, 0));
      await sleep(10);
      return robot.texts().some((text) => text.includes(`"linear_velocity":${speed}`));
    });
  }

  it('take both, live as long and end together, each time under a new epoch', async () => {
    const table = await newTable();
    const lockId = await teach(table);
    expect(await gateway.lease(table.robotId)).toMatchObject({
      holder_kind: 'teach',
      holder: lockId,
      user_id: teacher.userId,
      holder_name: 'Tea',
    });
    const epoch = await epochOf(table);
    const ends = async () => {
      const { rows } = await gateway.pool.query<{ same: boolean; seconds: number }>(
        `SELECT lease.expires_at = lock.expires_at AS same, extract(epoch FROM lock.expires_at - now())::float8 AS seconds
         FROM robots.traffic_lock lock JOIN robots.lease USING (robot_id) WHERE lock_id = $1`,
        [lockId],
      );
      return rows[0]!;
    };
    await ask.ask(trafficHeartbeat, { lockId, ttlSeconds: 200 });
    expect(await ends()).toMatchObject({ same: true });
    expect((await ends()).seconds).toBeGreaterThan(150);
    await ask.ask(trafficUpdateScope, { lockId, scope: { nodeIds: ['else'], pathIds: [] } });
    expect(await epochOf(table)).toBe(epoch);
    expect(await violations()).toEqual([]);
    await release(lockId);
    expect([await kindOf(table), await epochOf(table)]).toEqual(['none', epoch + 1]);
    await release(lockId);
    expect(await epochOf(table)).toBe(epoch + 1);
  });

  it('are one when the request comes again, and let go of the robot when nobody renews them', async () => {
    const table = await newTable();
    const asked = teachAsk(table, teacher, 1);
    const first = await ask.ask(trafficAcquire, asked);
    expect(await ask.ask(trafficAcquire, asked)).toEqual(first);
    await refused(teachAsk(table), 'Tea teaches the robot');
    await waitFor('the lease to end', async () => (await kindOf(table)) === 'none');
    await expect(ask.ask(trafficHeartbeat, { lockId: asked.lockId })).rejects.toMatchObject({
      code: 'traffic_lock_unknown',
    });
    await release(await teach(table));
  });

  it('are refused while a person, a session or a route has the robot, and say who', async () => {
    const table = await newTable();
    await table.lock(other);
    await refused(teachAsk(table), 'Otto');
    await refused(teachAsk(table, undefined), 'Otto');
    await table.unlock(other);
    const turn = await gateway.queue.activate(table.robotId);
    await waitFor('the session', async () => (await kindOf(table)) === 'session');
    await refused(teachAsk(table), 'in a session');
    await gateway.queue.end(turn);
    await waitFor('its end', async () => (await kindOf(table)) === 'none');
    const robot = await table.control();
    await table.report();
    await table.addRoute(admin, 'Home', 'Kitchen');
    await gotCommands(robot, 1);
    await refused(teachAsk(table), 'route to Kitchen');
  });

  it('are refused while a task has the robot, and keep tasks waiting', async () => {
    const table = await newTable();
    const robot = await table.control();
    const lockId = await teach(table);
    await table.report();
    await ask.ask(taskCreate, {
      taskId: randomUUID(),
      missionId: randomUUID(),
      robotId: table.robotId,
      requiredCapabilities: [],
      createdBy: randomUUID(),
      steps: [{ stepId: randomUUID(), type: 'wait', payload: {}, requiredTimeSeconds: 60 }],
    });
    await table.report();
    await sleep(300);
    expect(commandsOf(robot)).toEqual([]);
    await release(lockId);
    await waitFor('the step', async () => {
      await table.report();
      return commandsOf(robot).length > 0;
    });
    expect(commandsOf(robot)).toMatchObject([{ command: 'EXECUTE_STEP' }]);
    await refused(teachAsk(table), 'a task to do');
  });

  it('keep drive locks of others and the queue of routes away from the robot until they end', async () => {
    const table = await newTable();
    const robot = await table.control();
    const lockId = await teach(table);
    expect((await table.lock(other)).body).toMatchObject({ message: 'Lock held by Tea' });
    expect((await table.lock(admin, 1)).body).toMatchObject({ message: 'Lock held by Tea' });
    await table.report();
    await table.addRoute(admin, 'Home', 'Kitchen');
    await table.report();
    await sleep(300);
    expect(commandsOf(robot)).toEqual([]);
    await release(lockId);
    expect(await gotCommands(robot, 1)).toMatchObject([{ command: 'NAVIGATE' }]);
  });

  it.each([
    ['on one replica', 0],
    ['on different replicas', 1],
  ])('let the teacher drive by hand, and nobody else: %s', async (_what, driverAt) => {
    const table = await newTable();
    const robot = await table.control(0);
    const [his, others] = [await table.manual(teacher, driverAt), await table.manual(other, driverAt)];
    const lockId = await teach(table);
    await drives(his, robot, 0.5);
    const keep = setInterval(() => {
      others.send(DRIVE(0.9, 0));
      his.send(DRIVE(0.6, 0));
    }, 20);
    await robot.got('"linear_velocity":0.6');
    await sleep(200);
    expect(framesOf(robot).filter(({ linear_velocity: v }) => v === 0.9)).toEqual([]);
    expect(new Set(framesOf(robot).map(({ lease }) => lease!.epoch)).size).toBe(1);
    await release(lockId);
    const ended = performance.now();
    expect(awakeBetween(ended, await waitFor('the stop', () => robot.stoppedAt()))).toBeLessThan(250);
    await sleep(100);
    clearInterval(keep);
    expect(framesOf(robot).at(-1)).toMatchObject({ linear_velocity: 0 });
  });

  it.each([
    ['on one replica', 0],
    ['on different replicas', 1],
  ])('stop the robot within 250 ms of running out, and not before: %s', async (_what, driverAt) => {
    const table = await newTable();
    const robot = await table.control(0);
    const his = await table.manual(teacher, driverAt);
    const lockId = await teach(table, teacher, 3);
    const keep = setInterval(() => his.send(DRIVE(0.5, 0)), 20);
    await robot.got('"linear_velocity":0.5');
    await sleep(2_000);
    const { expiresAt } = await ask.ask(trafficHeartbeat, { lockId, ttlSeconds: 2 });
    await sleep(1_500);
    expect(robot.stops()).toEqual([]);
    const at = await waitFor('the stop', () => robot.stoppedAt());
    clearInterval(keep);
    const end = Date.parse(expiresAt) - wallClockOffset();
    expect(awakeBetween(end, at)).toBeLessThan(250);
    expect(at - end).toBeGreaterThan(-50);
  });

  it('give the robot back to the teacher when an Admin’s hand is gone, and to nobody else in between', async () => {
    const table = await newTable();
    const robot = await table.control(0);
    const [his, hand, others] = [
      await table.manual(teacher, 0),
      await table.manual(admin, 1),
      await table.manual(other, 0),
    ];
    const lockId = await teach(table);
    await drives(his, robot, 0.5);
    await drives(hand, robot, 0.9);
    expect(await kindOf(table)).toBe('preemption');
    await ask.ask(trafficHeartbeat, { lockId });
    expect(await kindOf(table)).toBe('preemption');
    await table.lock(other);
    const keep = setInterval(() => others.send(DRIVE(0.7, 0)), 10);
    await waitFor('the lease to be his again', async () => (await kindOf(table)) === 'teach');
    await drives(his, robot, 0.4);
    clearInterval(keep);
    const speeds = framesOf(robot).map(({ linear_velocity: v }) => v);
    expect(speeds).not.toContain(0.7);
    const epochs = framesOf(robot).map(({ lease }) => lease!.epoch);
    expect([...epochs].sort((a, b) => a - b)).toEqual(epochs);
    expect(await violations()).toEqual([]);
    await release(lockId);
  });

  it('take over from the teacher’s own hand', async () => {
    const table = await newTable();
    const robot = await table.control(0);
    const his = await table.manual(teacher, 0);
    await table.lock(teacher);
    await drives(his, robot, 0.3);
    const lockId = await teach(table);
    expect(await kindOf(table)).toBe('teach');
    await drives(his, robot, 0.4);
    await release(lockId);
    await drives(his, robot, 0.6);
    expect(await kindOf(table)).toBe('drive_lock');
  });

  it('are over when somebody else has got the robot, which teaching is told', async () => {
    const table = await newTable();
    const lockId = await teach(table);
    // As nothing in the gateway does: the lease is another's, behind the teach lock's back.
    await gateway.pool.query(
      `UPDATE robots.lease SET epoch = epoch + 1, holder_kind = 'drive_lock', holder = 'x', user_id = $2,
         expires_at = now() + interval '1 min' WHERE robot_id = $1`,
      [table.robotId, other.userId],
    );
    await expect(ask.ask(trafficHeartbeat, { lockId })).rejects.toMatchObject({
      code: 'traffic_lock_unknown',
    });
    expect(await kindOf(table)).toBe('drive_lock');
  });

  it('go to one of many who want the robot at once: teachers, drivers, its queue', async () => {
    const table = await newTable();
    await table.control(0);
    const won = { teach: 0, lock: 0, route: 0 };
    for (let round = 0; round < 12; round += 1) {
      await table.report({ driveMode: 'IDLE' });
      const watch = { on: true };
      const watching = (async () => {
        while (watch.on) expect(await violations()).toEqual([]);
      })();
      const locks = [teacher, other].map((user) => teachAsk(table, user));
      const acquired = await Promise.all([
        ...locks.map((asked) =>
          ask.ask(trafficAcquire, asked).then(
            () => 'teach' as const,
            (error: { code?: string }) => (expect(error.code).toBeDefined(), undefined),
          ),
        ),
        ...[0, 1].map((replica) =>
          table
            .lock(apiUser('Operator', `Op${replica}`), replica)
            .then(({ body }) => (body.status === 'success' ? ('lock' as const) : undefined)),
        ),
        table.addRoute(admin, 'a', 'b', round % 2).then(() => undefined),
      ]);
      await table.report({ driveMode: 'IDLE' });
      const holders = acquired.filter((each) => each !== undefined);
      for (const holder of holders) won[holder] += 1;
      expect(holders.length).toBeLessThanOrEqual(1);
      const { rows } = await gateway.pool.query(
        `SELECT 1 FROM robots.route WHERE robot_id = $1 AND status IN ('active', 'dispatching')`,
        [table.robotId],
      );
      won.route += rows.length;
      watch.on = false;
      await watching;
      await Promise.all(locks.map(({ lockId }) => release(lockId)));
      await gateway.pool.query('DELETE FROM robots.drive_lock WHERE robot_id = $1', [table.robotId]);
      await gateway.pool.query('DELETE FROM robots.route WHERE robot_id = $1', [table.robotId]);
      await gateway.pool.query(
        `UPDATE robots.lease SET epoch = epoch + 1, holder_kind = 'none', holder = NULL, expires_at = NULL WHERE robot_id = $1`,
        [table.robotId],
      );
    }
    expect(won.teach + won.lock + won.route).toBeGreaterThanOrEqual(10);
  });
});
