import { Module, type Type } from '@nestjs/common';
import { teachPresent } from '@teleop/contracts';
import { ServiceKitModule, type Logger } from '@teleop/service-kit';
import type { TeachConfig } from './config';
import { EXECUTION_CONTROLLERS, EXECUTION_EVENTS, EXECUTIONS } from './executions/executions.module';
import { SCHEMA } from './migrations/migrate-teach';
import { INGEST } from './ingest/ingest.module';
import { MISSION_CONTROLLERS, MISSIONS } from './missions/missions.module';
import { PLAN_CONTROLLERS, PLANS } from './plans/plans.module';
import { PresentAnswers } from './present/present.answers';
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
        messaging: { consumes: [...EXECUTION_EVENTS], answers: [teachPresent] },
      }),
    ],
    controllers: [
      ...MISSION_CONTROLLERS,
      ...EXECUTION_CONTROLLERS,
      ...PLAN_CONTROLLERS,
      ...SESSION_CONTROLLERS,
    ],
    providers: [...MISSIONS, ...EXECUTIONS, ...PLANS, ...SESSIONS, ...INGEST, PresentAnswers],
  })
  class TeachModule {}
  return TeachModule;
}
