import { createService, type Logger, type RunningService } from '@teleop/service-kit';
import { TeleopData, testDatabase, testNats, testServers, type TestUser } from '@teleop/testing';
import { queueServiceModule } from './app.module';
import { readConfig } from './config';
import { migrateTeleop } from './database/migrate-teleop';

export interface Answer {
  readonly status: number;
  // Bodies are looked at by the tests, which say what they expect.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

/** queue-service in this process, one or more replicas, over a database and a NATS server of their own. */
export async function setupService(
  options: { env?: Record<string, string>; replicas?: number; logger?: Logger } = {},
) {
  const database = await testDatabase();
  const nats = await testNats();
  await migrateTeleop(database.url);
  const config = readConfig({
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'fatal',
    PORT: '0',
    HOST: '127.0.0.1',
    GATEWAY_PUBLIC_URL: 'http://gateway.test:3000',
    DATABASE_POOL: '12',
    ...options.env,
  });
  const replicas: RunningService[] = [];
  for (let index = 0; index < (options.replicas ?? 1); index += 1) {
    replicas.push(
      await createService({
        name: 'queue-service',
        module: queueServiceModule(config, options.logger),
        platform: 'fastify',
        config,
        logger: options.logger,
      }),
    );
  }
  const data = TeleopData.connect(database.url);

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    replica = 0,
  ): Promise<Answer> {
    const response = await fetch(`${replicas[replica]!.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  }

  return {
    config,
    data,
    nats,
    replicas,
    url: replicas[0]!.url,
    databaseUrl: database.url,
    call,
    as: (
      user: TestUser,
      path: string,
      body: object = {},
      headers: Record<string, string> = {},
      replica = 0,
    ) =>
      call(
        'POST',
        path,
        { userId: user.userId, ...body },
        { authorization: `Bearer ${user.hashCode}`, ...headers },
        replica,
      ),
    internal: (path: string, body: object = {}, headers: Record<string, string> = {}) =>
      call('POST', path, body, { authorization: `Bearer ${config.INTERNAL_API_TOKEN}`, ...headers }),
    get: (path: string, headers: Record<string, string> = {}) => call('GET', path, undefined, headers),
    close: async () => {
      await data.close();
      await Promise.all(replicas.map((replica) => replica.close()));
      await nats.dispose();
      await database.dispose();
    },
  };
}

export type ServiceSetup = Awaited<ReturnType<typeof setupService>>;
