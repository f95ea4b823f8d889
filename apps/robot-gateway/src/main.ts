import { growAsNeeded } from './small-start';
import './telemetry';
import { runService } from '@teleop/service-kit';
import { robotGatewayModule } from './app.module';
import { readConfigOrExit } from './config';

const config = readConfigOrExit();
void runService({
  name: 'robot-gateway',
  module: robotGatewayModule(config),
  platform: 'fastify',
  config,
}).finally(growAsNeeded);
