import { Module, type Type } from '@nestjs/common';
import { ServiceKitModule, type Logger } from '@teleop/service-kit';
import { problemExtras } from './api/envelope';
import type { RecognitionConfig } from './config';
import { SCHEMA } from './database/migrate-recognition';
import { EngineHost, START_ENGINE, type StartEngine } from './engine-host/engine-host';
import { startEngine } from './engine/start-engine';
import { HealthController } from './health/health.controller';

export interface RecognitionParts {
  readonly logger?: Logger;
  readonly startEngine?: StartEngine;
}

/** recognition-service with its configuration; `parts` are for tests. */
export function recognitionModule(config: RecognitionConfig, parts: RecognitionParts = {}): Type {
  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'recognition-service',
        config,
        problemExtras,
        logger: parts.logger,
        database: { schema: SCHEMA, poolSize: config.DATABASE_POOL },
        messaging: { consumes: [], answers: [] },
      }),
    ],
    controllers: [HealthController],
    providers: [{ provide: START_ENGINE, useValue: parts.startEngine ?? startEngine }, EngineHost],
  })
  class RecognitionModule {}
  return RecognitionModule;
}
