import { Module, type Type } from '@nestjs/common';
import { Clock, HealthRegistry, Logger, ServiceKitModule, type ProblemExtras } from '@teleop/service-kit';
import { ByteBudget } from './body/byte-budget';
import { FramesBody } from './body/frames-body';
import { VISION_CONFIG, type VisionConfig } from './config';
import { SCHEMA } from './database/migrate-vision';
import { EvaluateViews, VISION_MODEL } from './evaluations/evaluate-views';
import { EvaluationStore } from './evaluations/evaluation-store';
import { EvaluationsController } from './evaluations/evaluations.controller';
import { ForgetClaims } from './evaluations/forget-claims.job';
import { VisionMetrics } from './evaluations/vision-metrics';
import { configuredModel } from './model/configured-model';

/** As the rest of what used to be one Flask application answers its robots and front end. */
const problemExtras: ProblemExtras = (problem) => ({ success: false, error: problem.detail });

/** vision-service with its configuration; `logger` is for tests. */
export function visionServiceModule(config: VisionConfig, logger?: Logger): Type {
  const budget = new ByteBudget(config.VISION_BODY_BUDGET_BYTES);
  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'vision-service',
        config,
        problemExtras,
        logger,
        database: { schema: SCHEMA, poolSize: config.DATABASE_POOL },
        messaging: { consumes: [], answers: [] },
      }),
    ],
    controllers: [EvaluationsController],
    providers: [
      { provide: VISION_CONFIG, useValue: config },
      {
        provide: FramesBody,
        inject: [Clock],
        useFactory: (clock: Clock) =>
          new FramesBody(budget, {
            maxBytes: config.VISION_MAX_BODY_BYTES,
            // It is part of the request's time.
            waitMs: Math.min(config.VISION_BODY_WAIT_MS, config.VISION_REQUEST_TIMEOUT_MS),
            internalToken: config.INTERNAL_API_TOKEN,
            now: () => clock.monotonic(),
          }),
      },
      {
        provide: VISION_MODEL,
        inject: [Clock, VisionMetrics, HealthRegistry],
        useFactory: (clock: Clock, metrics: VisionMetrics, health: HealthRegistry) => {
          const model = configuredModel(config, clock, metrics);
          if (model === null) health.warn('model', 'OPENAI_API_KEY is not set: evaluations answer 503');
          metrics.watch(model ?? undefined, budget);
          return model;
        },
      },
      VisionMetrics,
      EvaluationStore,
      EvaluateViews,
      ForgetClaims,
    ],
  })
  class VisionServiceModule {}
  return VisionServiceModule;
}
