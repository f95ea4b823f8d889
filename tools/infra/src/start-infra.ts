import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { skewWarning } from './checks/clock-skew';
import { requireNode } from './checks/node-version';
import { checkNats } from './external/check-nats';
import { checkPostgres } from './external/check-postgres';
import { checkRedis } from './external/check-redis';
import { ExternalServer } from './external/external-server';
import { withLock } from './files/lock';
import { OwnServers, type Running } from './own-servers';
import type { Infra, InfraOptions } from './types';

/** PostgreSQL, NATS with JetStream, and Redis: given by URL, adopted, or started below `dataDir`. Resolves when all three serve. */
export async function startInfra(options: InfraOptions): Promise<Infra> {
  requireNode();
  const dataDir = path.resolve(options.dataDir);
  mkdirSync(path.join(dataDir, 'run'), { recursive: true });
  return withLock(path.join(dataDir, 'run', 'infra.lock'), () => startAll(dataDir, options));
}

async function startAll(dataDir: string, options: InfraOptions): Promise<Infra> {
  const env = options.env ?? process.env;
  const own = new OwnServers(dataDir, options);
  const { DATABASE_URL, NATS_URL, REDIS_URL } = env;
  const progress = options.onProgress ?? (() => undefined);
  try {
    const [postgres, nats, redis] = await allOrFirstFailure([
      DATABASE_URL ? external('postgres', DATABASE_URL, 5432) : own.postgres(),
      NATS_URL ? external('nats', NATS_URL, 4222, checkNats) : own.nats(),
      REDIS_URL ? external('redis', REDIS_URL, 6379, checkRedis) : own.redis(),
    ]);
    const warning = skewWarning('PostgreSQL', await checkPostgres(postgres.url));
    if (warning) progress(warning);
    return {
      databaseUrl: postgres.url,
      natsUrl: nats.url,
      redisUrl: redis.url,
      servers: { postgres: postgres.server, nats: nats.server, redis: redis.server },
      stop: (how) => own.stop(how),
    };
  } catch (error) {
    await own.undo(); // what did start must not stay behind
    throw error;
  }
}

async function external(
  name: 'postgres' | 'nats' | 'redis',
  url: string,
  defaultPort: number,
  check: (url: string) => Promise<void> = () => Promise.resolve(),
): Promise<Running> {
  const server = new ExternalServer(name, url, defaultPort);
  await check(url);
  return { url, server };
}

/** Waits for all even when one fails: a server still starting could not be stopped. */
async function allOrFirstFailure<T extends readonly Promise<Running>[]>(
  starting: readonly [...T],
): Promise<{ [index in keyof T]: Running }> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
