import './telemetry';
import { runService } from '@teleop/service-kit';
import { pairingModule } from './app.module';
import { readConfigOrExit } from './config';

const config = readConfigOrExit();
void runService({ name: 'pairing-service', module: pairingModule(config), platform: 'fastify', config });
