import { Injectable, Module } from '@nestjs/common';
import { queueChanged } from '@teleop/contracts';
import { NatsConnection, Outbox } from '@teleop/messaging';
import { Database, outboxInboxDdl, OutboxStore } from '@teleop/persistence';
import { testDatabase, testNats, testServers, waitFor } from '@teleop/testing';
import { commonSettings } from '../config/common-settings';
import { loadConfig } from '../config/load-config';
import { Logger } from '../logging/logger';
import { createRedis, REDIS, redisReady } from '../redis/redis.provider';
import { createService, type RunningService } from './create-service';
import { ServiceKitModule } from './service-kit.module';

interface Readiness {
  status: string;
  checks: Record<string, { status: string; error?: string }>;
}

@Injectable()
class NeedsAll {
  constructor(
    readonly database: Database,
    readonly nats: NatsConnection,
    readonly outbox: Outbox<'queue-service'>,
  ) {}
}

const cleanUp: (() => Promise<unknown>)[] = [];

async function setup(changes: Record<string, string> = {}) {
  const [database, nats] = await Promise.all([testDatabase(), testNats()]);
  cleanUp.push(database.dispose, nats.dispose);
  const lines: Record<string, unknown>[] = [];
  const config = loadConfig(commonSettings, {
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    REDIS_URL: testServers().redisUrl,
    HEALTH_TIMEOUT_MS: '1000',
    ...changes,
  });
  const logger = Logger.create({
    service: 'queue-service',
    level: 'info',
    destination: { write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>) },
  });

  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'queue-service',
        config,
        logger,
        database: { schema: 'teleop' },
        messaging: { consumes: [], answers: [] },
        redis: true,
      }),
    ],
    providers: [NeedsAll],
  })
  class WholeModule {}

  const start = async (): Promise<RunningService> => {
    const service = await createService({
      name: 'queue-service',
      module: WholeModule,
      platform: 'fastify',
      config,
      logger,
    });
    cleanUp.unshift(() => service.close());
    return service;
  };
  return { start, nats, lines };
}

const readiness = async ({ url }: RunningService) =>
  (await (await fetch(`${url}/readyz`)).json()) as Readiness;

describe('a service with database, messaging and Redis', () => {
  jest.setTimeout(60_000);
  afterEach(async () => {
    for (const step of cleanUp.splice(0)) await step();
  });

  it('hands them to the app, joined together, and reports each by name', async () => {
    const { start, nats } = await setup();
    const service = await start();
    expect(await readiness(service)).toEqual({
      status: 'ok',
      checks: { postgres: { status: 'ok' }, nats: { status: 'ok' }, redis: { status: 'ok' } },
    });
    const { database, outbox } = service.app.get(NeedsAll);
    await database.query('CREATE SCHEMA teleop');
    for (const statement of outboxInboxDdl('teleop')
      .split(';')
      .filter((part) => part.trim() !== ''))
      await database.query(statement);
    await database.transaction((tx) => outbox.append(tx, queueChanged, { robotId: 'arm1', version: 1 }));
    await waitFor(
      'the relay to send it',
      async () => (await service.app.get(OutboxStore).pending()).rows === 0,
    );
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const published = metrics.split('\n').filter((line) => line.startsWith('messaging_published_total'));
    expect(published).toEqual([
      `messaging_published_total{event="${queueChanged.name}",service="queue-service"} 1`,
    ]);

    nats.kill9();
    const without = await waitFor('NATS to be missed', async () => {
      const now = await readiness(service);
      return now.status === 'unavailable' ? now : undefined;
    });
    expect(without.checks['nats']).toEqual({ status: 'failed', error: 'NOT_CONNECTED' });
    expect(without.checks['postgres']).toEqual({ status: 'ok' });
    await nats.restart();
    await waitFor('NATS to be back', async () => (await readiness(service)).status === 'ok', {
      timeoutMs: 20_000,
    });
  });

  it('starts without Redis, says so, and fails its commands at once instead of queueing them', async () => {
    const { start, lines } = await setup({ REDIS_URL: 'redis://127.0.0.1:9' });
    const service = await start();
    expect(await readiness(service)).toMatchObject({
      status: 'unavailable',
      checks: { redis: { status: 'failed' } },
    });
    const redis = service.app.get<ReturnType<typeof createRedis>>(REDIS);
    const began = performance.now();
    await expect(redis.get('x')).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(lines.filter((line) => line['msg'] === 'Redis is not reachable')).toHaveLength(1);
  });

  it('warns of a clock that differs from the database, by name and size', async () => {
    const { start, lines } = await setup();
    const real = Date.now;
    const shifted = jest.spyOn(Date, 'now').mockImplementation(() => real() - 7_000);
    const service = await start().finally(() => shifted.mockRestore());
    const { status, checks } = await readiness(service);
    expect(status).toBe('ok');
    expect(checks['clock']?.status).toBe('warning');
    expect(checks['clock']?.error).toMatch(
      /clocks of queue-service and of PostgreSQL differ by (69|70)\d\d ms/,
    );
    expect(lines.filter((line) => line['skewMs'] !== undefined)).toHaveLength(1);
  });

  it('stops without leaving connections behind', async () => {
    const { start } = await setup();
    const service = await start();
    const database = service.app.get(Database);
    await service.close();
    await expect(database.ping()).rejects.toThrow();
  });
});

describe('createRedis', () => {
  it('connects and answers', async () => {
    const logger = Logger.create({ service: 'queue-service', level: 'silent' });
    const redis = createRedis(testServers().redisUrl, 'test', logger);
    await redisReady(redis, 5_000);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });
});
