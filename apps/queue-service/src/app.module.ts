import { Module, type Type } from '@nestjs/common';
import {
  authorizeWatcher,
  currentTurn,
  driverInactive,
  queueSnapshot,
  queueVersions,
  visionEvaluationCompleted,
} from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { Logger, ServiceKitModule, type ProblemExtras } from '@teleop/service-kit';
import { QUEUE_CONFIG, type QueueConfig } from './config';
import { SCHEMA } from './database/migrate-teleop';
import { IdempotentPosts } from './idempotency/idempotent-posts';
import { LeaderboardController } from './leaderboard/leaderboard.controller';
import { Leaderboards } from './leaderboard/leaderboards';
import { LeaderboardRefresh } from './leaderboard/refresh.job';
import { EvaluationConsumer } from './rewards/evaluation.consumer';
import { RobotsController } from './robots/robots.controller';
import { ControlUrls } from './sessions/control-urls';
import { OpenSession } from './sessions/open-session';
import { ProbeRobot } from './sessions/probe-robot';
import { ReadSessions } from './sessions/read-sessions';
import { SessionsController } from './sessions/sessions.controller';
import { ChangeQueue } from './turns/change-queue';
import { DriverInactiveConsumer } from './turns/driver-inactive.consumer';
import { QueueAnswers } from './turns/queue.answers';
import { QueueController } from './turns/queue.controller';
import { ReadQueue } from './turns/read-queue';
import { QueueMetrics } from './turns/queue-metrics.job';
import { RobotLanes } from './turns/robot-lanes';
import { Sweep } from './turns/sweep.job';
import { TurnClock } from './turns/turn-clock.job';
import { TurnsRepository } from './turns/turns.repository';
import { AuthController } from './users/auth.controller';
import { Callers } from './users/callers';

/** The queue family's existing front end reads `success` and `error`. */
const problemExtras: ProblemExtras = (problem) => ({ success: false, error: problem.detail });

/** queue-service with its configuration; `logger` is for tests. */
export function queueServiceModule(config: QueueConfig, logger?: Logger): Type {
  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'queue-service',
        config,
        problemExtras,
        logger,
        database: { schema: SCHEMA, poolSize: config.DATABASE_POOL },
        messaging: {
          consumes: [visionEvaluationCompleted, driverInactive],
          answers: [queueSnapshot, queueVersions, authorizeWatcher, currentTurn],
        },
      }),
    ],
    controllers: [
      QueueController,
      RobotsController,
      SessionsController,
      LeaderboardController,
      AuthController,
    ],
    providers: [
      { provide: QUEUE_CONFIG, useValue: config },
      { provide: TurnsRepository, useValue: new TurnsRepository(config.SESSION_SECONDS) },
      { provide: RobotLanes, useValue: new RobotLanes(config.LANE_MAX_WAITING) },
      { provide: ControlUrls, useValue: new ControlUrls(config) },
      {
        provide: IdempotentPosts,
        inject: [Database],
        useFactory: (database: Database) => new IdempotentPosts(database),
      },
      Callers,
      ChangeQueue,
      ReadQueue,
      OpenSession,
      ReadSessions,
      ProbeRobot,
      Leaderboards,
      QueueAnswers,
      DriverInactiveConsumer,
      EvaluationConsumer,
      TurnClock,
      Sweep,
      QueueMetrics,
      LeaderboardRefresh,
    ],
  })
  class QueueServiceModule {}
  return QueueServiceModule;
}
