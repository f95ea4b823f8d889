import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, Logger, Metrics, REDIS, ServiceKitModule, Shutdown } from '@teleop/service-kit';
import type { Redis } from 'ioredis';
import type { GatewayConfig } from './config';
import { DemoController } from './demo/demo.controller';
import { AsyncApiController } from './documents/asyncapi.controller';
import { DocsController } from './documents/docs.controller';
import { OpenApiController } from './documents/openapi.controller';
import { ServiceDocuments } from './documents/service-documents';
import { Cors } from './edge/cors';
import { Upstreams } from './proxy/upstreams';
import { QueueWatch } from './queue-watch/queue-watch';
import { RateLimits } from './rate-limit/rate-limits';
import { DownstreamHealth } from './readiness/downstream-health';
import { RobotWatch } from './robot-watch/robot-watch';
import { Admission } from './sockets/admission';
import { SlowClients } from './sockets/slow-clients';
import { createSocketServer, SOCKET_SERVER } from './sockets/socket-server';
import { TeachWatch } from './teach-watch/teach-watch';

@Module({})
export class ApiGatewayModule implements OnApplicationShutdown {
  constructor(private readonly upstreams: Upstreams) {}

  static forRoot(config: GatewayConfig, logger?: Logger): DynamicModule {
    return {
      module: ApiGatewayModule,
      imports: [
        ServiceKitModule.forRoot({
          name: 'api-gateway',
          config,
          messaging: { consumes: [], answers: [] },
          redis: true,
          logger,
        }),
      ],
      controllers: [OpenApiController, AsyncApiController, DocsController, DemoController],
      providers: [
        { provide: Upstreams, useValue: new Upstreams(config) },
        { provide: Cors, useValue: new Cors(config.CORS_ORIGINS, config.CORS_MAX_AGE_SECONDS) },
        {
          provide: RateLimits,
          inject: [REDIS, Clock, Metrics, Logger],
          useFactory: (redis: Redis, clock: Clock, metrics: Metrics, log: Logger) =>
            new RateLimits(config, redis, clock, metrics, log),
        },
        {
          provide: SOCKET_SERVER,
          inject: [Cors, RateLimits, Shutdown, Metrics],
          useFactory: (cors: Cors, limits: RateLimits, shutdown: Shutdown, metrics: Metrics) =>
            createSocketServer(config, { cors, limits, shutdown, metrics }),
        },
        ServiceDocuments,
        DownstreamHealth,
        Admission,
        SlowClients,
        QueueWatch,
        RobotWatch,
        TeachWatch,
      ],
    };
  }

  onApplicationShutdown(): void {
    this.upstreams.close();
  }
}
