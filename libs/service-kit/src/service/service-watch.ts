import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleInit,
} from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { Redis } from 'ioredis';
import type { HealthRegistry } from '../health/health-registry';
import type { Logger } from '../logging/logger';
import { redisReady } from '../redis/redis.provider';
import { messaging, persistence, type ServiceKitOptions } from './compose';

const REDIS_START_WAIT_MS = 2_000;

/** Registers the health of what the service is made of, and compares clocks once at the start. */
export class ServiceWatch
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly options: ServiceKitOptions,
    private readonly modules: ModuleRef,
    private readonly health: HealthRegistry,
    private readonly logger: Logger,
    private readonly redis: Redis | null,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.options.database) {
      const database = this.modules.get(persistence().Database, { strict: false });
      this.health.register('postgres', () => database.ping());
    }
    if (this.options.messaging) {
      const nats = this.modules.get(messaging().NatsConnection, { strict: false });
      this.health.register('nats', () => {
        if (!nats.connected)
          throw Object.assign(new Error('NATS is not connected'), { code: 'NOT_CONNECTED' });
      });
    }
    await this.watchRedis();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.database) return;
    const database = this.modules.get(persistence().Database, { strict: false });
    const skew = Math.round(await database.clockSkewMs());
    const limit = this.options.config.CLOCK_SKEW_LIMIT_MS;
    if (Math.abs(skew) <= limit) return;
    const detail = `the clocks of ${this.options.name} and of PostgreSQL differ by ${skew} ms (limit CLOCK_SKEW_LIMIT_MS ${limit})`;
    this.health.warn('clock', detail);
    this.logger.warn({ skewMs: skew, limitMs: limit }, detail);
  }

  beforeApplicationShutdown(): void {
    this.health.stopping();
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  /** A service starts without Redis: what needs it says so itself, and readiness names it. */
  private async watchRedis(): Promise<void> {
    const { redis } = this;
    if (redis === null) return;
    this.health.register('redis', async () => {
      await redis.ping();
    });
    await redisReady(redis, REDIS_START_WAIT_MS).catch((error: Error) =>
      this.logger.warn({ err: error }, 'starting without Redis'),
    );
  }
}
