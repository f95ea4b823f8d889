import { trafficHeartbeat } from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { sleep, type Peer } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { framesOf, tableOf, type Table } from '../testing/table.spec-support';
import { neighbourOf, type Neighbour } from '../traffic/neighbour.spec-support';

const admin = apiUser('Admin', 'Ada');

/** A square with a short cut over B: A – B – C, and A – D – C, which is longer. E is reached from C only. */
const MAP = {
  name: 'square',
  nodes: [
    { id: 'A', x: 0, y: 0 },
    { id: 'B', x: 2, y: 0 },
    { id: 'C', x: 4, y: 0, name: 'Corner' },
    { id: 'D', x: 2, y: 3 },
    { id: 'E', x: 6, y: 0 },
  ],
  paths: [
    { id: 'ab', from: 'A', to: 'B' },
    { id: 'bc', from: 'B', to: 'C' },
    { id: 'ad', from: 'A', to: 'D' },
    { id: 'dc', from: 'D', to: 'C' },
    { id: 'ce', from: 'C', to: 'E' },
  ],
};

describe('routes on the map, among other robots', () => {
  let gateway: Gateway;
  let neighbour: Neighbour;
  let robots = 0;
  beforeAll(async () => {
    // Nothing but the traffic itself wakes who waits.
    gateway = await setupGateway({ replicas: 2, env: { TRAFFIC_SWEEP_MS: '50', ROBOT_CLEANUP_MS: '60000' } });
    neighbour = await neighbourOf(gateway);
    const { api } = tableOf(gateway);
    await api.call('PUT', '/api/v1/robots/map', { body: MAP, headers: { ...admin.headers } });
    await newTable('other');
  });
  afterAll(async () => {
    await neighbour.close();
    await gateway.close();
  });
  beforeEach(() => gateway.pool.query('DELETE FROM robots.traffic_lock'));

  async function newTable(name = `p-${(robots += 1)}`): Promise<{ table: Table; robot: Peer }> {
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId: name });
    const table = tableOf(gateway, { robotId: name, key: body.apiKey });
    for (const replica of [0, 1])
      await waitFor(
        'the robot to be known',
        async () => (await table.status(replica))?.robotConnected === false,
      );
    const robot = await table.control(robots % 2);
    await table.report();
    return { table, robot };
  }
  const sent = (robot: Peer) =>
    framesOf(robot).map(({ command, start, destination, path }) => ({ command, start, destination, path }));
  const gets = (robot: Peer, start: string, destination: string, path: string[] | undefined) =>
    waitFor('the route to be sent', () => sent(robot).length > 0).then(() =>
      expect(sent(robot)).toEqual([{ command: 'NAVIGATE', start, destination, path }]),
    );
  /** Its robot says again and again that it is idle; it is not sent for all that. */
  const waits = async (table: Table, robot: Peer) => {
    for (let look = 0; look < 5; look += 1) {
      await table.report();
      await sleep(40);
    }
    expect(sent(robot)).toEqual([]);
  };

  it('take the quickest way', async () => {
    const { table, robot } = await newTable();
    await table.addRoute(admin, 'A', 'E');
    await gets(robot, 'A', 'E', ['A', 'B', 'C', 'E']);
  });

  it('go round what another robot has locked, not round their own locks', async () => {
    const { table, robot } = await newTable();
    await neighbour.lock('other', ['B']);
    await neighbour.lock(table.robotId, ['D']);
    await table.addRoute(admin, 'A', 'C');
    await gets(robot, 'A', 'C', ['A', 'D', 'C']);
  });

  it('wait when there is no way round, and go when it is released', async () => {
    const { table, robot } = await newTable();
    const lockId = await neighbour.lock('other', ['C']);
    await table.addRoute(admin, 'A', 'E');
    await waits(table, robot);
    expect(await table.routes(admin)).toMatchObject([{ destination: 'E' }]);
    await neighbour.release(lockId);
    await gets(robot, 'A', 'E', ['A', 'B', 'C', 'E']);
  });

  it('go when it expires, round what is still locked', async () => {
    const { table, robot } = await newTable();
    const lockId = await neighbour.lock('other', [], { scope: { nodeIds: ['B'], pathIds: ['ce'] } });
    await table.addRoute(admin, 'A', 'E');
    await waits(table, robot);
    await neighbour.lock('other', ['B']);
    await neighbour.ask.ask(trafficHeartbeat, { lockId, ttlSeconds: 1 });
    await gets(robot, 'A', 'E', ['A', 'D', 'C', 'E']);
  });

  it('neither begin nor end at a locked node that no map knows', async () => {
    for (const [start, destination] of [
      ['Shed', 'Barn'],
      ['Barn', 'Shed'],
      ['A', 'Shed'],
    ] as const) {
      const { table, robot } = await newTable();
      const lockId = await neighbour.lock('other', ['Shed']);
      await table.addRoute(admin, start, destination);
      await waits(table, robot);
      await neighbour.release(lockId);
      await gets(robot, start, destination, undefined);
    }
  });

  it('may leave a node that was locked around them, and are not held up by others elsewhere', async () => {
    const { table, robot } = await newTable();
    await neighbour.lock('other', ['A', 'Shed']);
    await table.addRoute(admin, 'A', 'C');
    await gets(robot, 'A', 'C', ['A', 'B', 'C']);
  });

  it('of nodes by their names are left to the robot, which need not know the ids', async () => {
    const { table, robot } = await newTable();
    const lockId = await neighbour.lock('other', ['C']);
    await table.addRoute(admin, 'A', 'Corner');
    await waits(table, robot);
    await neighbour.release(lockId);
    await gets(robot, 'A', 'Corner', undefined);
  });
});
