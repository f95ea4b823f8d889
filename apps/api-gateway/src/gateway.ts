import type { Type } from '@nestjs/common';
import type { Logger, ServiceOptions } from '@teleop/service-kit';
import { ApiGatewayModule } from './api-gateway.module';
import type { GatewayConfig } from './config';
import { buildEdge } from './edge/build-edge';

/** What the kit needs to start the gateway; tests start it with the same. */
export function gatewayOptions(config: GatewayConfig, logger?: Logger): ServiceOptions {
  return {
    name: 'api-gateway',
    // Nest takes a dynamic module as a root; its type does not say so.
    module: ApiGatewayModule.forRoot(config, logger) as unknown as Type,
    platform: 'express',
    config,
    openapi: false,
    setup: (app, server) => buildEdge(app, server, config),
    logger,
  };
}
