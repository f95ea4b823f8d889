import { randomUUID } from 'node:crypto';
import { createService, type RunningService } from '@teleop/service-kit';
import { testDatabase, testNats, testServers, waitFor } from '@teleop/testing';
import pg from 'pg';
import { robotGatewayModule } from '../app.module';
import { readConfig } from '../config';
import { migrateRobots } from '../migrations/migrate-robots';
import { RobotHints, type Hint } from '../replicas/robot-hints';
import { openPeer, type Peer } from './clients.spec-support';
import { cuttableProxy } from './cuttable-proxy.spec-support';
import { FakeQueue, type FakeTurn } from './fake-queue.spec-support';

export interface GatewayOptions {
  readonly env?: Record<string, string>;
  readonly replicas?: number;
}

/** robot-gateway in this process, one or more replicas, over a database and a NATS server of their own. */
export async function setupGateway(options: GatewayOptions = {}) {
  const [database, nats] = await Promise.all([testDatabase(), testNats()]);
  await migrateRobots(database.url);
  const postgres = await cuttableProxy(database.url);
  const env = {
    DATABASE_URL: postgres.url,
    NATS_URL: nats.url,
    // One Redis for all tests: each gateway keeps its robots' states apart.
    REDIS_URL: `${testServers().redisUrl}?keyPrefix=${randomUUID()}:`,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    // One port for all gateways of this machine: they would hear each other's robots.
    ROBOT_DISCOVERY_PORT: 'off',
    ...options.env,
  };
  const config = readConfig(env);
  const queue = await FakeQueue.connect(nats.url);
  const replicas: RunningService[] = [];
  const start = async () => {
    const module = robotGatewayModule(config);
    const service = await createService({ name: 'robot-gateway', module, platform: 'fastify', config });
    replicas.push(service);
    return service;
  };
  for (let index = 0; index < (options.replicas ?? 1); index += 1) await start();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  const peers: Peer[] = [];
  const track = (peer: Peer) => (peers.push(peer), peer);
  const urlOf = (replica: number) => replicas[replica]!.url;
  const driveUrl = (robotId: string, token: string, replica = 0) =>
    `${urlOf(replica)}/ws/drive/session?robotId=${robotId}&token=${token}`;
  const robotUrl = (robotId: string, replica = 0) =>
    `${urlOf(replica)}/ws/robot/control?robotId=${robotId}&lease=announce`;

  return {
    env,
    config,
    queue,
    nats,
    replicas,
    start,
    pool,
    postgres,
    /** Closed with the gateway. */
    track,
    driveUrl,
    robotUrl,
    robot: async (robotId: string, replica = 0) => track(await openPeer(robotUrl(robotId, replica))),
    driver: async (turn: FakeTurn, replica = 0) =>
      track(await openPeer(driveUrl(turn.robotId, turn.token, replica))),
    lease: async (robotId: string) =>
      (await pool.query<Record<string, unknown>>('SELECT * FROM robots.lease WHERE robot_id = $1', [robotId]))
        .rows[0],
    /** As a replica that changed something in the database does. */
    hint: (robotId: string, hint: Hint) => replicas[0]!.app.get(RobotHints).give(robotId, hint),
    lock: async (robotId: string) =>
      (
        await pool.query<{ user_id: string; expires_at: Date; acquired_at: Date }>(
          'SELECT * FROM robots.drive_lock WHERE robot_id = $1',
          [robotId],
        )
      ).rows[0],
    commands: async (robotId: string) =>
      (
        await pool.query<{ body: { command: string }; status: string; reason: string | null }>(
          'SELECT body, status, reason FROM robots.command WHERE robot_id = $1 ORDER BY created_at',
          [robotId],
        )
      ).rows,
    turn: async (robotId: string) =>
      (await pool.query<Record<string, unknown>>('SELECT * FROM robots.turn WHERE robot_id = $1', [robotId]))
        .rows[0],
    /** Both sides see each other's sockets. */
    settled: async (robot: Peer, driver: Peer) => {
      const mark = `{"type":"hello","n":${Math.random()}}`;
      await waitFor('driver and robot to be joined', async () => {
        driver.send(mark);
        await new Promise((resolve) => setTimeout(resolve, 10));
        return robot.texts().includes(mark);
      });
    },
    close: async () => {
      for (const peer of peers) peer.ws.terminate();
      await queue.close();
      await Promise.all(replicas.map((replica) => replica.close()));
      await pool.end();
      await postgres.close();
      await nats.dispose();
      await database.dispose();
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof setupGateway>>;
