import { Module, type Type } from '@nestjs/common';
import { ServiceKitModule, type Logger } from '@teleop/service-kit';
import type { TeachConfig } from './config';
import { SCHEMA } from './migrations/migrate-teach';
import { INGEST } from './ingest/ingest.module';
import { MISSION_CONTROLLERS, MISSIONS } from './missions/missions.module';
import { SESSION_CONTROLLERS, SESSIONS } from './sessions/sessions.module';

/** The root module of one process, made for its config: tests run several in one process. */
export function teachModule(config: TeachConfig, logger?: Logger): Type {
  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'teach-service',
        config,
        logger,
        database: { schema: SCHEMA, poolSize: config.DATABASE_POOL },
        messaging: { consumes: [], answers: [] },
      }),
    ],
    controllers: [...MISSION_CONTROLLERS, ...SESSION_CONTROLLERS],
    providers: [...MISSIONS, ...SESSIONS, ...INGEST],
  })
  class TeachModule {}
  return TeachModule;
}
