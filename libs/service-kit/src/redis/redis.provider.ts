import type { Redis } from 'ioredis';
import type { Logger } from '../logging/logger';

export const REDIS = Symbol('REDIS');

const RETRY_MS = 250;
const COMMAND_TIMEOUT_MS = 2_000;

/**
 * A client that reconnects for ever. While Redis is away commands fail at once instead of piling up: what is kept in Redis
 * here is short-lived, so a late write is worse than none.
 */
export function createRedis(url: string, name: string, logger: Logger): Redis {
  // Required late: services without Redis do not pay for it, and telemetry can patch it first.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Redis: Client } = require('ioredis') as typeof import('ioredis');
  const redis = new Client(url, {
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    keepAlive: 10_000,
    // ioredis waits this long for a socket to close even when there is none.
    disconnectTimeout: 250,
    retryStrategy: () => RETRY_MS,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  let up: boolean | undefined;
  redis.on('ready', () => {
    if (up === false) logger.info('Redis is back');
    up = true;
  });
  redis.on('error', (error: Error) => {
    // Once per outage: it retries four times a second.
    if (up !== false) logger.warn({ err: error }, 'Redis is not reachable');
    up = false;
  });
  return redis;
}

/** Waits for the first connection, for services that need Redis at once; rejects after `timeoutMs`. */
export async function redisReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.off('ready', done);
      reject(new Error(`Redis did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    redis.once('ready', done);
  });
}
