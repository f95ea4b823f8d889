import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { startGatewayProcess } from '../testing/gateway-process.spec-support';
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
const operator = apiUser('Operator', 'Olga');
const ENV = {
  COMMAND_KEEP_MS: '600',
  COMMAND_ACK_MS: '600',
  COMMAND_RETRY_MS: '50',
  ROBOT_CLEANUP_MS: '100',
};

describe('commands that must arrive', () => {
  let gateway: Gateway;
  let robots = 0;
  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 2, env: ENV });
  });
  afterAll(() => gateway.close());

  async function newTable(): Promise<Table> {
    const robotId = `k-${(robots += 1)}`;
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
    const table = tableOf(gateway, { robotId, key: body.apiKey });
    await waitFor('the robot to be known', async () => (await table.status(1))?.robotConnected === false);
    return table;
  }
  const settled = (table: Table, count = 1) =>
    waitFor('the commands to be settled', async () => {
      const rows = await gateway.commands(table.robotId);
      const over = rows.filter(({ status }) => status === 'acknowledged' || status === 'failed');
      return over.length >= count ? rows : undefined;
    });

  it.each([0, 1])('reach a robot whose socket is at replica %d', async (replica) => {
    const table = await newTable();
    const robot = await table.control(replica);
    await table.select(operator, 'Home', 'Kitchen');
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
    await table.report({ driveMode: 'NAVIGATING' });
    expect(await settled(table)).toMatchObject([{ status: 'acknowledged' }]);
  });

  it('are kept for a robot whose socket is away for a moment', async () => {
    const table = await newTable();
    await table.select(operator, 'Home', 'Kitchen');
    const robot = await table.control(1);
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
  });

  it('are reported failed when it stays away, and are not sent later', async () => {
    const table = await newTable();
    const watcher = await table.events(admin);
    await table.select(operator, 'Home', 'Kitchen');
    expect(await settled(table)).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('socket') },
    ]);
    const note = await watcher.got('COMMAND_FAILED');
    expect(JSON.parse(note.data.toString())).toMatchObject({
      type: 'robot_notification',
      robotId: table.robotId,
      priority: 'ERROR',
      message: expect.stringContaining('NAVIGATE to Kitchen failed'),
    });
    const robot = await table.control();
    await table.select(operator, 'Home', 'Office');
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Office')]);
  });

  it('are acknowledged or refused by the robot itself over its socket, at whatever replica', async () => {
    const table = await newTable();
    const robot = await table.control(0);
    await table.select(operator, 'Home', 'Kitchen');
    await gotCommands(robot, 1);
    const { id } = framesOf(robot)[0] as unknown as { id: string };
    robot.send({ type: 'ack', id, accepted: false, reason: 'battery too low' });
    expect(await settled(table)).toMatchObject([{ status: 'failed', reason: 'battery too low' }]);
    await table.select(operator, 'Home', 'Office');
    await gotCommands(robot, 2);
    const { id: next } = framesOf(robot)[1] as unknown as { id: string };
    robot.send({ type: 'ack', id: next, accepted: true });
    expect(await settled(table, 2)).toMatchObject([{ status: 'failed' }, { status: 'acknowledged' }]);
  });

  it('are reported failed when the robot does not show that it took them', async () => {
    const table = await newTable();
    await table.control();
    await table.report({ targetNode: 'Home' });
    await table.select(operator, 'Home', 'Kitchen');
    await table.report({ targetNode: 'Home' });
    expect(await settled(table)).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('show') },
    ]);
  });

  it('give way to a later one while they wait', async () => {
    const table = await newTable();
    await table.select(operator, 'Home', 'Kitchen');
    await table.select(operator, 'Home', 'Office');
    const robot = await table.control();
    expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Office')]);
    await settled(table);
    expect(commandsOf(robot)).toEqual([NAVIGATE('Home', 'Office')]);
  });

  it('are reported failed by others when their process was killed', async () => {
    const table = await newTable();
    const watcher = await table.events(admin);
    const process = await startGatewayProcess({ ...gateway.env, COMMAND_KEEP_MS: '60000' });
    const answer = fetch(`${process.url}/routes/select?robotId=${table.robotId}`, {
      method: 'POST',
      headers: { ...operator.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ start: 'Home', destination: 'Kitchen' }),
    });
    expect((await answer).status).toBe(200);
    await process.kill9();
    // As if it had been long ago.
    await gateway.pool.query(
      "UPDATE robots.command SET created_at = created_at - interval '1 hour' WHERE robot_id = $1",
      [table.robotId],
    );
    expect(await settled(table)).toMatchObject([{ status: 'failed', reason: 'the gateway was restarted' }]);
    await watcher.got('COMMAND_FAILED');
  });
});
