import { sha256Hex } from '@teleop/auth';
import { Fleet, type TableRobot } from '@teleop/sim-table-robot';
import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { balancer } from '../testing/balancer.spec-support';
import { startGatewayProcess, type GatewayProcess } from '../testing/gateway-process.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { HandDriver } from './hand-drivers.spec-support';

/*
 * Two replicas behind one address, 50 simulated robots, and a replica that is killed every few seconds: half of the robots
 * drive the routes of their queues, for the other half two people each want the lock. The robots' own logs are the proof.
 */

const ROUTE_ROBOTS = 25;
const HAND_ROBOTS = 25;
const ROUTES_EACH = 8;
const KILLS = 4;
const NODES = ['Home', 'Kitchen', 'Living Room', 'Office', 'Bedroom', 'Charging Station'];
const ENV = {
  COMMAND_KEEP_MS: '4000',
  ROBOT_CLEANUP_MS: '500',
  DRIVE_LOCK_MS: '2000',
  // Robots are not given up: they are only ever away for a moment.
  ROBOT_STALE_MS: '60000',
};

const admin = apiUser('Admin', 'Ada');
const keyOf = (robotId: string) => `key-of-${robotId}`;
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('fifty robots while replicas are killed', () => {
  let gateway: Gateway;
  let front: Awaited<ReturnType<typeof balancer>>;
  let fleet: Fleet;
  const replicas: (GatewayProcess | undefined)[] = [];
  const routed = names('route', ROUTE_ROBOTS);
  const driven = names('hand', HAND_ROBOTS);

  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 0, env: ENV });
    const robotIds = [...routed, ...driven];
    await gateway.pool.query(
      `INSERT INTO robots.robot (robot_id, name, api_key_hash)
       SELECT id, id, hash FROM unnest($1::text[], $2::text[]) AS robot (id, hash)`,
      [robotIds, robotIds.map((robotId) => sha256Hex(keyOf(robotId)))],
    );
    front = await balancer(() => replicas.flatMap((replica) => replica?.url ?? []));
    for (const started of await Promise.all([
      startGatewayProcess(gateway.env),
      startGatewayProcess(gateway.env),
    ]))
      replicas.push(started);
    fleet = await new Fleet({
      robotIds,
      url: front.url,
      apiKey: keyOf,
      server: false,
      timeScale: 12,
      telemetryMs: 300,
      reconnectMaxMs: 500,
      logCapacity: 20_000,
    }).start();
    await waitFor('all robots to be connected', () => fleet.ready, { timeoutMs: 30_000 });
  }, 120_000);

  afterAll(async () => {
    await fleet.stop();
    await Promise.all(replicas.flatMap((replica) => (replica === undefined ? [] : [replica.kill9()])));
    await front.close();
    await gateway.close();
  }, 60_000);

  const routes = async () =>
    (
      await gateway.pool.query<{ robot_id: string; status: string; count: number }>(
        'SELECT robot_id, status, count(*)::int AS count FROM robots.route GROUP BY robot_id, status',
      )
    ).rows;

  async function addRoutes(robotId: string): Promise<void> {
    for (let index = 0; index < ROUTES_EACH; index += 1) {
      const body = JSON.stringify({ start: NODES[index % 6], destination: NODES[(index + 1) % 6] });
      const headers = { ...admin.headers, 'content-type': 'application/json' };
      const url = `${front.url}/routes?robotId=${robotId}`;
      // Before the killing begins: what is not answered would have to be asked again, and might then be there twice.
      const response = await fetch(url, { method: 'POST', headers, body });
      expect(response.status).toBe(201);
    }
  }

  async function killAndRestart(index: number): Promise<void> {
    await replicas[index]!.kill9();
    replicas[index] = undefined;
    replicas[index] = await startGatewayProcess(gateway.env);
  }

  it('loses no route and sends none twice, and never lets two people drive one robot', async () => {
    const drivers = driven.flatMap((robotId) =>
      [0.11, 0.22].map((velocity, index) => {
        const user = apiUser('Operator', `driver ${index} of ${robotId}`);
        return new HandDriver(front.url, robotId, user, velocity, 700);
      }),
    );
    // A few at a time: this is not about a rush of Admins.
    for (let index = 0; index < routed.length; index += 5)
      await Promise.all(routed.slice(index, index + 5).map(addRoutes));
    for (const driver of drivers) driver.start();
    for (let kill = 0; kill < KILLS; kill += 1) await killAndRestart(kill % 2);
    await waitFor(
      'all routes to be done',
      async () => {
        const left = (await routes()).filter(({ status }) => status !== 'done');
        if (left.length > 0) throw new Error(JSON.stringify(left));
        return true;
      },
      { timeoutMs: 90_000, everyMs: 200 },
    );
    await Promise.all(drivers.map((driver) => driver.stop()));

    for (const robotId of routed) expect(obeyed(fleet.robot(robotId), 'NAVIGATE')).toBe(ROUTES_EACH);
    expect((await routes()).every(({ status, count }) => status === 'done' && count === ROUTES_EACH)).toBe(
      true,
    );

    for (const robotId of driven) {
      const robot = fleet.robot(robotId);
      const entries = robot.commands.filter(({ verdict }) => verdict === 'obeyed');
      const epochs = entries.map(({ epoch }) => epoch ?? -1);
      expect([...epochs].sort((a, b) => a - b)).toEqual(epochs);
      const whoDrove = new Map<number, Set<number>>();
      for (const { command, epoch, linear } of entries) {
        if (command !== 'DRIVE_COMMAND' || linear === 0 || linear === undefined || epoch === null) continue;
        whoDrove.set(epoch, (whoDrove.get(epoch) ?? new Set()).add(linear));
      }
      for (const [epoch, who] of whoDrove)
        expect({ robotId, epoch, who: [...who] }).toMatchObject({ who: [expect.any(Number)] });
    }
    const turns = drivers.reduce((sum, driver) => sum + driver.turns, 0);
    const frames = drivers.reduce((sum, driver) => sum + driver.frames, 0);
    process.stdout.write(`${turns} turns by hand, ${frames} frames, ${KILLS} kills\n`);
    expect(turns).toBeGreaterThan(HAND_ROBOTS);
    await waitFor('every robot to stand still', () =>
      driven.every((robotId) => !fleet.robot(robotId).hand.moving),
    );
  }, 240_000);
});

function obeyed(robot: TableRobot, command: string): number {
  return robot.commands.filter((entry) => entry.command === command && entry.verdict === 'obeyed').length;
}
