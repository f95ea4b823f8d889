import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { eventFilter, type EventDeclaration, type MissionView, type ServiceName } from '@teleop/contracts';
import { createService, type Logger, type RunningService } from '@teleop/service-kit';
import { testDatabase, testNats, testServers } from '@teleop/testing';
import pg from 'pg';
import { teachModule } from '../app.module';
import { readConfig } from '../config';
import { migrateTeach } from '../migrations/migrate-teach';
import { FakeRobotGateway } from './fake-robot-gateway.spec-support';

// Servers of a test's own take their time on a busy machine.
jest.setTimeout(60_000);

// Bodies are looked at by the tests, which say what they expect.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

export interface ServiceOptions {
  readonly env?: Record<string, string>;
  readonly replicas?: number;
  readonly logger?: Logger;
}

export const OPERATOR_ID = '7f1c2a34-1111-4222-8333-444455556666';

/** teach-service in this process, one or more replicas, over a database and a NATS server of their own. */
export async function setupService(options: ServiceOptions = {}) {
  const [database, nats] = await Promise.all([testDatabase(), testNats()]);
  await migrateTeach(database.url);
  const env = {
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    ...options.env,
  };
  const config = readConfig(env);
  const robots = await FakeRobotGateway.connect(nats.url);
  const replicas: RunningService[] = [];
  const start = async () => {
    const module = teachModule(config, options.logger);
    const { logger } = options;
    const service = await createService({
      name: 'teach-service',
      module,
      platform: 'fastify',
      config,
      logger,
    });
    replicas.push(service);
    return service;
  };
  for (let index = 0; index < (options.replicas ?? 1); index += 1) await start();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  const jwt = (role: string) =>
    new JwtService().sign(
      { sub: OPERATOR_ID, name: 'Olga', role },
      { secret: config.JWT_SECRET, expiresIn: 3_600 },
    );

  async function call(
    method: string,
    path: string,
    body?: unknown,
    { role = 'Operator', headers = {}, replica = 0 }: CallOptions = {},
  ): Promise<Answer> {
    const response = await fetch(`${replicas[replica]!.url}/api/v1/teach${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(role === null ? {} : { authorization: `Bearer ${jwt(role)}` }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  }

  async function mission(steps: readonly object[], name = 'Fetch'): Promise<MissionView> {
    const { status, body } = await call('POST', '/missions', { name, steps });
    if (status !== 201) throw new Error(`no mission: ${JSON.stringify(body)}`);
    return body as MissionView;
  }

  async function published(steps: readonly object[], name?: string): Promise<MissionView> {
    const { missionId } = await mission(steps, name);
    const { status, body } = await call('POST', `/missions/${missionId}/publish`);
    if (status !== 200) throw new Error(`not published: ${JSON.stringify(body)}`);
    return body as MissionView;
  }

  return {
    env,
    config,
    nats,
    robots,
    replicas,
    start,
    pool,
    jwt,
    call,
    get: (path: string, options?: CallOptions) => call('GET', path, undefined, options),
    post: (path: string, body?: unknown, options?: CallOptions) => call('POST', path, body, options),
    mission,
    published,
    /** Everything announced of an event from now on. */
    heard: async <P extends object>(event: EventDeclaration<ServiceName, P>): Promise<P[]> => {
      const heard: P[] = [];
      robots.nc.subscribe(eventFilter(event), {
        callback: (_error, message) => void heard.push(message.json<P>()),
      });
      await robots.nc.flush();
      return heard;
    },
    close: async () => {
      await Promise.all(replicas.map((replica) => replica.close()));
      await robots.close();
      await pool.end();
      await nats.dispose();
      await database.dispose();
    },
  };
}

export interface CallOptions {
  /** null: no token. */
  readonly role?: string | null;
  readonly headers?: Record<string, string>;
  readonly replica?: number;
}

export type Service = Awaited<ReturnType<typeof setupService>>;

type Extra = Readonly<Record<string, unknown>>;

/** Steps that are good, unless told otherwise. */
export const step = {
  move: (nodeId: string, extra: Extra = {}) => made('moveToPoint', { destination: { nodeId }, ...extra }),
  hoist: (targetMm: number) => made('hoist', { targetMm }, 3),
  telescope: (targetMm: number) => made('telescope', { targetMm }, 4),
  rotate: (targetDeg: number) => made('rotate', { targetDeg }, 2),
  grip: (target: string, extra: Extra = {}) => made('grip', { target, ...extra }, 1),
  wait: (seconds: number) => made('wait', { reason: 'stabilize' }, seconds),
  run: (missionId: string) => made('missionRef', { missionId }, 0),
};

function made(type: string, payload: object, requiredTimeSeconds?: number) {
  return {
    stepId: randomUUID(),
    type,
    payload,
    ...(requiredTimeSeconds !== undefined && { requiredTimeSeconds }),
  };
}
