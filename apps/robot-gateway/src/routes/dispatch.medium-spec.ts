import { randomUUID } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { sleep, type Peer } from '../testing/clients.spec-support';
import { startGatewayProcess, type GatewayProcess } from '../testing/gateway-process.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import {
  commandsOf,
  framesOf,
  gotCommands,
  NAVIGATE,
  tableOf,
  type Table,
} from '../testing/table.spec-support';

const admin = apiUser('Admin', 'Ada');
const SETTLE_MS = 300;
const ENV = {
  DISPATCH_SETTLE_MS: String(SETTLE_MS),
  COMMAND_KEEP_MS: '700',
  COMMAND_ACK_MS: '700',
  COMMAND_RETRY_MS: '50',
  ROBOT_CLEANUP_MS: '100',
};

let robots = 0;

async function newTable(gateway: Gateway, replica = 0): Promise<Table> {
  const robotId = `d-${(robots += 1)}`;
  const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
  const table = tableOf(gateway, { robotId, key: body.apiKey, replica });
  for (const [index] of gateway.replicas.entries())
    await waitFor('the robot to be known', async () => (await table.status(index))?.robotConnected === false);
  return table;
}

/** As a robot, which posts its telemetry again and again, until told to stop. */
function keepReporting(table: Table, state: () => object, replica?: number): () => void {
  const timer = setInterval(() => void table.report(state(), replica).catch(() => undefined), 60);
  return () => clearInterval(timer);
}

describe('sending routes', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 2, env: { ...ENV, ROBOT_STALE_MS: '1500' } });
  });
  afterAll(() => gateway.close());

  const statusOf = async (table: Table) =>
    (
      await gateway.pool.query<{ status: string; dispatch_id: string | null; attempts: number }>(
        'SELECT status, dispatch_id, attempts FROM robots.route WHERE robot_id = $1 ORDER BY added_at',
        [table.robotId],
      )
    ).rows;

  it('waits for a socket that is away, and is not ended by IDLE before it was sent', async () => {
    const table = await newTable(gateway);
    await table.report();
    await table.addRoute(admin, 'Home', 'Kitchen');
    await table.report();
    await table.report();
    expect(await statusOf(table)).toMatchObject([{ status: 'dispatching' }]);
    const robot = await table.control();
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
    await waitFor('it to be under way', async () => (await statusOf(table))[0]!.status === 'active');
    await table.report();
    expect(await statusOf(table)).toMatchObject([{ status: 'done' }]);
  });

  it('comes again under its own id when the robot seems not to have had it, which it may only have said late; a new one in the end', async () => {
    const table = await newTable(gateway);
    const robot = await table.control();
    await table.report();
    await table.addRoute(admin, 'Home', 'Kitchen');
    const earlier = { id: randomUUID(), status: 'DONE' };
    for (const times of [2, 3, 4])
      await waitFor(`command ${times}`, async () => {
        await table.report({ driveMode: 'IDLE', currentPosition: 'Hall', command: earlier });
        return commandsOf(robot).length === times;
      });
    const [first, second, third, fourth] = framesOf(robot).map(
      (frame) => (frame as unknown as { id: string }).id,
    );
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
  });

  it('goes back to the front when the socket stays away, and people are told once', async () => {
    const table = await newTable(gateway);
    const watcher = await table.events(admin);
    await table.addRoute(admin, 'Home', 'Kitchen');
    await table.addRoute(admin, 'Kitchen', 'Office');
    await table.report();
    await waitFor('two attempts', async () => {
      await table.report();
      return (await statusOf(table))[0]!.attempts >= 2;
    });
    await waitFor('a third attempt', async () => {
      await table.report();
      return (await statusOf(table))[0]!.attempts >= 3;
    });
    const told = watcher.frames().filter(({ type }) => type === 'robot_notification');
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining('socket is away')]);
    expect(
      (await table.routes(admin)).map(({ destination }: { destination: string }) => destination),
    ).toEqual(['Kitchen', 'Office']);
  });

  it.each([
    ['telemetry here, socket there', 0, 1],
    ['telemetry there, socket here', 1, 0],
  ])('sends each route once over two replicas: %s', async (_what, telemetryAt, socketAt) => {
    const table = await newTable(gateway);
    const robot = await table.control(socketAt);
    // It names what it drives, so that no telemetry on its way is taken for the answer to a command it had not got yet.
    let command: { id: string; status: string } | undefined;
    robot.ws.on('message', (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id: string };
      command = { id, status: 'RUNNING' };
      setTimeout(() => (command = { id, status: 'DONE' }), 150);
    });
    const stop = keepReporting(
      table,
      () => ({ command, driveMode: command?.status === 'RUNNING' ? 'NAVIGATING' : 'IDLE' }),
      telemetryAt,
    );
    for (let index = 0; index < 6; index += 1)
      await table.addRoute(admin, `n${index}`, `n${index + 1}`, index % 2);
    await waitFor('all to be done', async () => {
      const statuses = (await statusOf(table)).map(({ status }) => status);
      return statuses.length === 6 && statuses.every((status) => status === 'done');
    });
    stop();
    expect(commandsOf(robot)).toEqual(
      Array.from({ length: 6 }, (_, index) => NAVIGATE(`n${index}`, `n${index + 1}`)),
    );
  });

  it('is not fooled by telemetry that crossed the command, when the robot names what it drives', async () => {
    const table = await newTable(gateway);
    const robot = await table.control();
    const older = { id: randomUUID(), status: 'DONE' };
    await table.report({ command: older });
    await table.addRoute(admin, 'Home', 'Kitchen');
    await gotCommands(robot, 1);
    await table.report({ command: older });
    expect(await statusOf(table)).toMatchObject([{ status: 'active' }]);
    const { id } = framesOf(robot)[0] as unknown as { id: string };
    await table.report({ command: { id, status: 'RUNNING' }, driveMode: 'NAVIGATING' });
    expect(await statusOf(table)).toMatchObject([{ status: 'active' }]);
    await table.report({ command: { id, status: 'DONE' } });
    expect(await statusOf(table)).toMatchObject([{ status: 'done' }]);
  });

  it('gives the route of a robot that is not heard of any more up, with its address, and tells', async () => {
    const table = await newTable(gateway);
    const watcher = await table.events(admin);
    const robot = await table.control();
    await table.api.patch(`/api/v1/robots/${table.robotId}`, admin, { url: 'http://127.0.0.1:9' });
    await table.addRoute(admin, 'Home', 'Kitchen');
    await table.addRoute(admin, 'Kitchen', 'Office');
    await table.report();
    await gotCommands(robot, 1);
    expect((await table.status()).robotConnected).toBe(true);
    await waitFor('the robot to be stale', async () => (await table.status()).robotConnected === false);
    await waitFor('the route to be given up', async () => (await statusOf(table))[0]!.status === 'lost');
    expect(
      (await table.routes(admin)).map(({ destination }: { destination: string }) => destination),
    ).toEqual(['Office']);
    await watcher.got('was given up');
    const check = await table.api.get(`/robot/check?robotId=${table.robotId}`, admin);
    expect(check.body).toEqual({ status: 'error', connected: false, message: 'No robot URL registered' });
    await watcher.got('"robotConnected":false');
    // Heard of again, the queue goes on.
    await table.report();
    expect(await gotCommands(robot, 2)).toContainEqual(NAVIGATE('Kitchen', 'Office'));
  });
});

describe('a process that dies between sending a route and writing that down', () => {
  let gateway: Gateway;
  let first: GatewayProcess;
  let second: GatewayProcess | undefined;

  /** The robot and its routes are spoken of over a process that can be killed; `gateway` holds the servers it runs on. */
  beforeEach(async () => {
    gateway = await setupGateway({ replicas: 0, env: ENV });
    // The first process never gets past writing that the route was sent.
    await gateway.pool.query(`
      CREATE FUNCTION robots.hang() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF current_setting('application_name') = 'robot-gateway' THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END $$;
      CREATE TRIGGER hang BEFORE UPDATE ON robots.route FOR EACH ROW WHEN (NEW.status = 'active') EXECUTE FUNCTION robots.hang();
    `);
    first = await startGatewayProcess(gateway.env);
    second = undefined;
  });
  afterEach(async () => {
    await first.kill9();
    await second?.kill9();
    await gateway.close();
  });

  const at = (url: string) => tableOf({ replicas: [{ url }], track: gateway.track } as unknown as Gateway);

  async function sentAndKilled(): Promise<Peer> {
    const table = at(first.url);
    const robot = await table.control();
    await table.report();
    const added = table.addRoute(admin, 'Home', 'Kitchen');
    await gotCommands(robot, 1);
    await first.kill9();
    await added.catch(() => undefined);
    await unhang();
    expect(await status()).toBe('dispatching');
    await sleep(SETTLE_MS);
    return robot;
  }

  /** What the killed process had under way in the database ends with it, as it does when a machine is lost. */
  async function unhang(): Promise<void> {
    await gateway.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'robot-gateway'`,
    );
    await gateway.pool.query('DROP TRIGGER hang ON robots.route');
  }

  const status = async () =>
    (await gateway.pool.query<{ status: string }>('SELECT status FROM robots.route')).rows[0]?.status;

  async function restarted(): Promise<{ table: Table; robot: Peer }> {
    second = await startGatewayProcess(gateway.env);
    const table = at(second.url);
    return { table, robot: await table.control() };
  }

  it('leaves the route to the robot that drives it: it is not sent again', async () => {
    await sentAndKilled();
    const { table, robot } = await restarted();
    await table.report({ driveMode: 'NAVIGATING', targetNode: 'Kitchen' });
    expect(await status()).toBe('active');
    await table.report({ driveMode: 'NAVIGATING', targetNode: 'Kitchen' });
    await table.report({ driveMode: 'IDLE', currentPosition: 'Kitchen' });
    expect(await status()).toBe('done');
    expect(commandsOf(robot)).toEqual([]);
  });

  it('counts it as done when the robot waits where it leads', async () => {
    await sentAndKilled();
    const { table, robot } = await restarted();
    await table.report({ driveMode: 'IDLE', currentPosition: 'Kitchen' });
    expect(await status()).toBe('done');
    expect(commandsOf(robot)).toEqual([]);
  });

  it('believes a robot that names its command', async () => {
    const before = await sentAndKilled();
    const { id } = framesOf(before)[0] as unknown as { id: string };
    const { table, robot } = await restarted();
    await table.report({ driveMode: 'IDLE', currentPosition: 'Hall', command: { id, status: 'RUNNING' } });
    expect(await status()).toBe('active');
    await table.report({ driveMode: 'IDLE', currentPosition: 'Hall', command: { id, status: 'DONE' } });
    expect(await status()).toBe('done');
    expect(commandsOf(robot)).toEqual([]);
  });

  it('sends it when the robot waits elsewhere: it cannot have had it', async () => {
    const table = at(first.url);
    await table.report();
    // No socket: the route is taken for sending, and the process dies before it can be sent.
    const added = table.addRoute(admin, 'Home', 'Kitchen');
    await waitFor('it to be taken', async () => (await status()) === 'dispatching');
    await first.kill9();
    await added.catch(() => undefined);
    await unhang();
    await sleep(SETTLE_MS);
    const { table: again, robot } = await restarted();
    await again.report();
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
    await again.report();
    await waitFor('it to be done', async () => (await status()) === 'done');
    expect(commandsOf(robot)).toHaveLength(1);
  });
});
