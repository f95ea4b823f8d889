import { JwtService } from '@nestjs/jwt';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { teachState } from '@teleop/contracts';
import { createService, type RunningService } from '@teleop/service-kit';
import { testDatabase, testNats, testServers, waitFor } from '@teleop/testing';
import pg from 'pg';
import { teachModule } from '../app.module';
import { readConfig } from '../config';
import { STATE_CONSUMER } from '../ingest/state-consumer';
import { migrateTeach } from '../migrations/migrate-teach';
import { FakeRobots } from './fake-robots.spec-support';
import { TaughtRobot } from './taught-robot.spec-support';
import { startTeachProcess, type TeachProcess } from './teach-process.spec-support';

// Servers and processes of a test's own take their time on a busy machine.
jest.setTimeout(60_000);

export type Json = Record<string, unknown>;
export interface Answer<B = Json> {
  readonly status: number;
  readonly body: B;
}

export interface SessionView {
  readonly teachSessionId: string;
  readonly robotId: string;
  readonly status: string;
  readonly reason: string | null;
  readonly draftMissionId: string;
  readonly trafficLockId: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly scope: { nodeIds: string[]; pathIds: string[] };
}

const QUICK = {
  TEACH_KEEP_MS: '20',
  TEACH_HEARTBEAT_MS: '150',
  TEACH_LOCK_TTL_S: '1',
  TEACH_OWNER_MS: '400',
  TEACH_ROBOT_LOST_MS: '300',
  INGEST_LINGER_MS: '5',
  INGEST_ACK_WAIT_MS: '1000',
  INGEST_RETRY_MS: '50',
};

/** What robots say before there is a stream is lost to them, and robot-gateway makes one before it lets robots in. */
async function statesAreTaken(nc: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(nc);
  await waitFor('the consumer of what robots say', () =>
    manager.consumers.info(teachState.stream, STATE_CONSUMER).catch(() => undefined),
  );
}

/** teach-service with a database and a NATS server of its own, and a robot-gateway that is played. */
export async function setupTeach(options: { env?: Record<string, string>; replicas?: number } = {}) {
  const [database, nats] = await Promise.all([testDatabase(), testNats()]);
  await migrateTeach(database.url);
  const env = {
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    ...QUICK,
    ...options.env,
  };
  const config = readConfig(env);
  const replicas: RunningService[] = [];
  const processes: TeachProcess[] = [];
  const start = async () => {
    const module = teachModule(config);
    const service = await createService({ name: 'teach-service', module, platform: 'fastify', config });
    replicas.push(service);
    return service;
  };
  for (let index = 0; index < (options.replicas ?? 1); index += 1) await start();
  const startApart = async () => {
    const apart = await startTeachProcess(env);
    processes.push(apart);
    await statesAreTaken(robots.nc);
    return apart;
  };
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  const robots = await FakeRobots.start(nats.url);
  if (replicas.length > 0) await statesAreTaken(robots.nc);
  const jwt = (role: string) =>
    new JwtService().sign(
      { sub: '7f1c2a34-1111-4222-8333-444455556666', name: 'Ann', role },
      { secret: config.JWT_SECRET, expiresIn: 3_600 },
    );
  const urlOf = (replica: number) => [...replicas, ...processes][replica]!.url;

  async function call<B = Json>(
    method: string,
    path: string,
    body?: unknown,
    as = { role: 'Operator', at: 0 },
  ) {
    const response = await fetch(`${urlOf(as.at)}/api/v1/teach${path}`, {
      method,
      headers: {
        authorization: `Bearer ${jwt(as.role)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as B } satisfies Answer<B>;
  }

  const create = async (robotId: string, extra: Json = {}) =>
    (await call<SessionView>('POST', '/sessions', { robotId, ...extra })).body;
  const session = async (id: string) => (await call<SessionView>('GET', `/sessions/${id}`)).body;
  const order = (id: string, what: 'start' | 'stop', at = 0) =>
    call<SessionView & Json>('POST', `/sessions/${id}/${what}`, undefined, { role: 'Operator', at });

  /** A robot that is being taught. */
  async function taught(robotId: string, extra: Json = {}, at = 0) {
    robots.add(robotId);
    const robot = new TaughtRobot(robots.nc, robotId);
    const { teachSessionId: id, draftMissionId } = await create(robotId, extra);
    const started = await order(id, 'start', at);
    if (started.status !== 200) throw new Error(`not started: ${JSON.stringify(started.body)}`);
    return { robot, id, draftMissionId, lockId: started.body.trafficLockId! };
  }

  return {
    env,
    nats,
    database,
    replicas,
    processes,
    start,
    startApart,
    pool,
    robots,
    urlOf,
    jwt,
    call,
    create,
    session,
    order,
    taught,
    samples: async (id: string, query = '') =>
      (await call<{ items: Json[]; nextCursor: string | null }>('GET', `/sessions/${id}/samples${query}`))
        .body,
    count: async (id: string) =>
      Number(
        (
          await pool.query<{ n: string }>(
            'SELECT count(*) AS n FROM teach.teach_sample WHERE teach_session_id = $1',
            [id],
          )
        ).rows[0]!.n,
      ),
    steps: async (missionId: string) =>
      (await call<{ steps: Json[] }>('GET', `/missions/${missionId}`)).body.steps,
    failed: (id: string) =>
      waitFor('the session to fail', async () => {
        const view = await session(id);
        return view.status === 'FAILED' ? view : undefined;
      }),
    close: async () => {
      await Promise.all(processes.map((apart) => apart.kill9()));
      await robots.close();
      await Promise.all(replicas.map((replica) => replica.close()));
      await pool.end();
      await nats.dispose();
      await database.dispose();
    },
  };
}

export type Teach = Awaited<ReturnType<typeof setupTeach>>;
