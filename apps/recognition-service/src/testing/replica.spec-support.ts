import { runService } from '@teleop/service-kit';
import { recognitionModule } from '../app.module';
import { readConfig } from '../config';
import { usePhotoBody } from '../embeddings/photo-body';
import { ColourEngine } from './colour-faces.spec-support';

/* A replica as a process of its own, so that it can be killed; see replica-process. */
const config = readConfig();
void runService({
  name: 'recognition-service',
  module: recognitionModule(config, { startEngine: () => Promise.resolve(new ColourEngine()) }),
  platform: 'fastify',
  config,
  setup: (app) => usePhotoBody(app, config),
});
