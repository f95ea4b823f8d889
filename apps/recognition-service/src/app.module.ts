import { Module, type Type } from '@nestjs/common';
import { ServiceKitModule, type Logger } from '@teleop/service-kit';
import { problemExtras } from './api/envelope';
import { CallbackStore } from './callbacks/callback-store';
import { PostCallback } from './callbacks/post-callback';
import { CameraDesk } from './cameras/camera-desk';
import { CameraTrial } from './cameras/camera-trial';
import { CamerasController } from './cameras/cameras.controller';
import { FfmpegProgram } from './cameras/ffmpeg';
import type { RecognitionConfig } from './config';
import { SCHEMA } from './database/migrate-recognition';
import { EmbeddingsController } from './embeddings/embeddings.controller';
import { GenerateEmbedding } from './embeddings/generate-embedding';
import { EngineHost, START_ENGINE, type StartEngine } from './engine-host/engine-host';
import { startEngine } from './engine/start-engine';
import { EvidenceStore } from './evidence/evidence-store';
import { EvidenceUrls } from './evidence/evidence-urls';
import { EvidenceController } from './evidence/evidence.controller';
import { RetentionJob } from './evidence/retention.job';
import { HealthController } from './health/health.controller';
import { RecognitionMetrics } from './metrics/recognition-metrics';
import { SessionOwnerJob } from './sessions/session-owner.job';
import { SessionReader } from './sessions/session-reader';
import { SessionRunners } from './sessions/session-runners';
import { SessionStore } from './sessions/session-store';
import { SessionsController } from './sessions/sessions.controller';
import { StartSession } from './sessions/start-session';
import { StopSession } from './sessions/stop-session';

const ENGINE = [EngineHost, RecognitionMetrics];
const CAMERAS = [FfmpegProgram, CameraDesk, CameraTrial];
const SESSIONS = [SessionStore, SessionReader, SessionRunners, SessionOwnerJob, StartSession, StopSession];
const CALLBACKS = [CallbackStore, PostCallback];
const EVIDENCE = [EvidenceStore, EvidenceUrls, RetentionJob];

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
    controllers: [
      HealthController,
      SessionsController,
      CamerasController,
      EmbeddingsController,
      EvidenceController,
    ],
    providers: [
      { provide: START_ENGINE, useValue: parts.startEngine ?? startEngine },
      ...ENGINE,
      ...CAMERAS,
      ...SESSIONS,
      ...CALLBACKS,
      ...EVIDENCE,
      GenerateEmbedding,
    ],
  })
  class RecognitionModule {}
  return RecognitionModule;
}
