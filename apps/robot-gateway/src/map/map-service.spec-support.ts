import { trafficChanged, type EventDeclaration, type PayloadOf } from '@teleop/contracts';
import { Broadcast, NatsConnection, Requests } from '@teleop/messaging';
import { createService, type RunningService } from '@teleop/service-kit';
import { testDatabase, testNats, testServers } from '@teleop/testing';
import pg from 'pg';
import { robotGatewayModule } from '../app.module';
import { readConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { migrateRobots } from '../migrations/migrate-robots';
import { FakeQueue } from '../testing/fake-queue.spec-support';

const noTrace = { current: () => undefined, run: <T>(_: string | undefined, work: () => T): T => work() };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** robot-gateway, one or more replicas, and a neighbour that asks it over NATS and hears what it announces. */
export async function setupMapService(options: { env?: Record<string, string>; replicas?: number } = {}) {
  const [database, nats] = await Promise.all([testDatabase(), testNats()]);
  await migrateRobots(database.url);
  const env = {
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    TRAFFIC_SWEEP_MS: '50',
    // One port for all gateways of this machine: they would hear each other's robots.
    ROBOT_DISCOVERY_PORT: 'off',
    ...options.env,
  };
  const queue = await FakeQueue.connect(nats.url);
  const replicas: RunningService[] = [];
  const start = async (more: Record<string, string> = {}) => {
    const config = readConfig({ ...env, ...more });
    const module = robotGatewayModule(config);
    replicas.push(await createService({ name: 'robot-gateway', module, platform: 'fastify', config }));
  };
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  for (let index = 0; index < (options.replicas ?? 1); index += 1) await start();
  const neighbour = new NatsConnection({ natsUrl: nats.url, name: 'teach-service' }, quiet);
  await neighbour.connect();
  const heard: PayloadOf<typeof trafficChanged>[] = [];
  const broadcast = new Broadcast(neighbour, quiet);
  broadcast.subscribe(trafficChanged, (event) => void heard.push(event));
  await neighbour.nc.flush();
  return {
    replicas,
    start,
    pool,
    nats,
    /** Traffic changes in the order they were announced. */
    heard,
    hear: <P extends object>(event: EventDeclaration<'robot-gateway', P>, into: P[]) =>
      broadcast.subscribe(event, (payload) => void into.push(payload)),
    ask: new Requests(neighbour, noTrace),
    robot: async (robotId: string, limits: object = {}) => {
      await pool.query(`INSERT INTO robots.robot (robot_id, name, limits) VALUES ($1, $1, $2)`, [
        robotId,
        limits,
      ]);
      await Promise.all(replicas.map((replica) => replica.app.get(Fleet).refresh(robotId)));
    },
    close: async () => {
      await neighbour.drain();
      await queue.close();
      await Promise.all(replicas.map((replica) => replica.close()));
      await pool.end();
      await nats.dispose();
      await database.dispose();
    },
  };
}
