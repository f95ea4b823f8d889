import { randomUUID } from 'node:crypto';
import { apiUser } from '../testing/api.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { gotCommands, NAVIGATE, tableOf, type Table } from '../testing/table.spec-support';

const admin = apiUser('Admin', 'Ada');
const operator = apiUser('Operator', 'Olga');
/** What goes wrong once in five times is nearly always seen. */
const TIMES = 15;

/** Old firmware says IDLE once when something ends; who missed it would wait for ever. */
describe('a robot that answers at once, and only once', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    // Nothing but what is said moves the queues.
    gateway = await setupGateway({ env: { ROBOT_CLEANUP_MS: '3600000' } });
  });
  afterAll(() => gateway.close());

  async function newTable(): Promise<Table> {
    const robotId = `p-${randomUUID()}`;
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
    return tableOf(gateway, { robotId, key: body.apiKey });
  }

  it('has its route ended by the first IDLE after it was added', async () => {
    for (let time = 0; time < TIMES; time += 1) {
      const table = await newTable();
      const robot = await table.control();
      await table.report();
      await table.addRoute(admin, 'Home', 'Kitchen');
      await table.report();
      expect(await table.routes(admin)).toEqual([]);
      expect(await gotCommands(robot, 1)).toEqual([NAVIGATE('Home', 'Kitchen')]);
      robot.ws.terminate();
    }
  });

  it('is kept from an Operator from the moment that its route was added', async () => {
    for (let time = 0; time < TIMES; time += 1) {
      const table = await newTable();
      const robot = await table.control();
      await table.report();
      await table.addRoute(admin, 'Home', 'Kitchen');
      expect((await table.lock(operator)).body.message).toBe(
        'Cannot acquire lock while automated route is active',
      );
      robot.ws.terminate();
    }
  });

  it('is sent on when it says IDLE the moment that it hears of a route', async () => {
    for (let time = 0; time < TIMES; time += 1) {
      const table = await newTable();
      const robot = await table.control();
      robot.ws.once('message', () => void table.report());
      await table.report();
      await table.addRoute(admin, 'Home', 'Kitchen');
      await table.addRoute(admin, 'Kitchen', 'Office');
      expect(await gotCommands(robot, 2)).toEqual([
        NAVIGATE('Home', 'Kitchen'),
        NAVIGATE('Kitchen', 'Office'),
      ]);
      robot.ws.terminate();
    }
  });

  it('goes back to the route that an Admin interrupted when it says IDLE the moment that it hears of him', async () => {
    for (let time = 0; time < TIMES; time += 1) {
      const table = await newTable();
      const robot = await table.control();
      const hand = await table.manual(admin);
      await table.report();
      await table.addRoute(admin, 'Home', 'Kitchen');
      await gotCommands(robot, 1);
      await table.report({ driveMode: 'NAVIGATING' });
      robot.ws.on('message', (data: Buffer) => {
        if (data.toString().includes('Office')) void table.report();
      });
      hand.send(NAVIGATE('Home', 'Office'));
      expect(await gotCommands(robot, 4)).toEqual([
        NAVIGATE('Home', 'Kitchen'),
        { command: 'CANCEL' },
        NAVIGATE('Home', 'Office'),
        NAVIGATE('Home', 'Kitchen'),
      ]);
      for (const peer of [robot, hand]) peer.ws.terminate();
    }
  });
});
