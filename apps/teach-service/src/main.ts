import './telemetry';
import { runService } from '@teleop/service-kit';
import { teachModule } from './app.module';
import { readConfigOrExit } from './config';

const config = readConfigOrExit();
void runService({ name: 'teach-service', module: teachModule(config), platform: 'fastify', config });
