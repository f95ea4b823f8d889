import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, ModuleRef } from '@nestjs/core';
import { AuthModule } from '@teleop/auth';
import type { Redis } from 'ioredis';
import { CONFIG } from '../config/config.token';
import { ProblemFilter } from '../errors/problem.filter';
import { HealthRegistry } from '../health/health-registry';
import { HotRoutes } from '../http/hot-routes';
import { OpsEndpoints } from '../http/ops-endpoints';
import { trustProxy } from '../http/trust-proxy';
import { Logger, LOGGER } from '../logging/logger';
import { serviceLogger } from '../logging/service-logger';
import { Metrics } from '../metrics/metrics';
import { createRedis, REDIS } from '../redis/redis.provider';
import { Shutdown } from '../shutdown/shutdown';
import { Clock } from '../time/clock';
import { DtoValidationPipe } from '../validation/validation.pipe';
import { WsRouter } from '../ws/ws-router';
import { composedModules, type ServiceKitOptions } from './compose';
import { SERVICE_NAME } from './service-name.token';
import { ServiceWatch } from './service-watch';

function providersOf(options: ServiceKitOptions, logger: Logger, metrics: Metrics): Provider[] {
  const { name, config, problemExtras } = options;
  const health = new HealthRegistry(config.HEALTH_TIMEOUT_MS);
  const ws = new WsRouter(logger, metrics, {
    pingIntervalMs: config.WS_PING_INTERVAL_MS,
    authTimeoutMs: config.WS_AUTH_TIMEOUT_MS,
    trust: trustProxy(config.TRUST_PROXY),
    problemExtras,
  });
  const filter = new ProblemFilter(logger, problemExtras);
  return [
    { provide: SERVICE_NAME, useValue: name },
    { provide: CONFIG, useValue: config },
    { provide: Logger, useValue: logger },
    { provide: LOGGER, useValue: logger },
    { provide: Metrics, useValue: metrics },
    { provide: HealthRegistry, useValue: health },
    {
      provide: OpsEndpoints,
      useValue: new OpsEndpoints(health, config.METRICS_PORT === undefined ? metrics : undefined),
    },
    { provide: HotRoutes, useValue: new HotRoutes(problemExtras) },
    { provide: WsRouter, useValue: ws },
    { provide: Shutdown, useValue: new Shutdown(logger) },
    Clock,
    {
      provide: REDIS,
      useFactory: () => (options.redis ? createRedis(config.REDIS_URL, name, logger) : null),
    },
    { provide: ProblemFilter, useValue: filter },
    { provide: APP_FILTER, useExisting: ProblemFilter },
    { provide: APP_PIPE, useClass: DtoValidationPipe },
    {
      provide: ServiceWatch,
      inject: [ModuleRef, REDIS],
      useFactory: (modules: ModuleRef, redis: Redis | null) =>
        new ServiceWatch(options, modules, health, logger, redis),
    },
  ];
}

/** Global. What every service has; with options, also its database, messaging and Redis. */
@Global()
@Module({})
export class ServiceKitModule {
  static forRoot(options: ServiceKitOptions): DynamicModule {
    const { name, config } = options;
    const logger = options.logger ?? serviceLogger(name, config);
    const metrics = new Metrics(name);
    return {
      module: ServiceKitModule,
      imports: [
        AuthModule.forRoot({
          jwtSecret: config.JWT_SECRET,
          jwksUrl: config.JWT_JWKS_URL,
          internalToken: config.INTERNAL_API_TOKEN,
        }),
        ...composedModules(options, logger, metrics),
      ],
      providers: providersOf(options, logger, metrics),
      exports: [
        SERVICE_NAME,
        CONFIG,
        Logger,
        LOGGER,
        Metrics,
        HealthRegistry,
        ProblemFilter,
        OpsEndpoints,
        HotRoutes,
        WsRouter,
        Shutdown,
        Clock,
        REDIS,
      ],
    };
  }
}
