/* Loaded late, and only where they are used: TypeORM and its driver cost 7 MB, and telemetry has to patch pg first. */
/* eslint-disable @typescript-eslint/no-require-imports */
import type { DynamicModule } from '@nestjs/common';
import type { EventDeclaration, RequestDeclaration, ServiceName } from '@teleop/contracts';
import type { MessagingOptions } from '@teleop/messaging';
import type { PersistenceOptions } from '@teleop/persistence';
import type { CommonConfig } from '../config/common-settings';
import type { ProblemExtras } from '../errors/problem';
import type { Logger } from '../logging/logger';
import { messagingObserver } from '../metrics/messaging-observer';
import type { Metrics } from '../metrics/metrics';
import { traceCarrier } from '../tracing/trace-carrier';

type DatabaseChoice = Omit<PersistenceOptions, 'databaseUrl' | 'applicationName' | 'onPoolError'>;

interface MessagingChoice {
  readonly consumes: readonly EventDeclaration[];
  readonly answers: readonly RequestDeclaration[];
  readonly relay?: MessagingOptions['relay'];
}

export interface ServiceKitOptions {
  readonly name: ServiceName;
  /** The service's whole config; at least the common settings. Injected with @InjectConfig(). */
  readonly config: CommonConfig;
  /** Options: PersistenceModule is imported with them. `true`: the app imports it itself; only its health is watched. */
  readonly database?: DatabaseChoice | boolean;
  /** As for `database`. With a composed database, outbox and inbox are joined to it. */
  readonly messaging?: MessagingChoice | boolean;
  readonly redis?: boolean;
  readonly problemExtras?: ProblemExtras;
  /** By default JSON lines on standard output, shared by everything of the same name in this process. */
  readonly logger?: Logger;
}

export const persistence = () => require('@teleop/persistence') as typeof import('@teleop/persistence');
export const messaging = () => require('@teleop/messaging') as typeof import('@teleop/messaging');

/** PersistenceModule and MessagingModule as the options ask for, joined to each other and to our logs and metrics. */
export function composedModules(
  options: ServiceKitOptions,
  logger: Logger,
  metrics: Metrics,
): DynamicModule[] {
  const modules: DynamicModule[] = [];
  const { name, config, database } = options;
  const hasDatabase = typeof database === 'object';
  if (hasDatabase) {
    modules.push(
      persistence().PersistenceModule.forRoot({
        ...database,
        databaseUrl: config.DATABASE_URL,
        applicationName: name,
        onPoolError: (error) => logger.warn({ err: error }, 'idle database connection lost'),
      }),
    );
  }
  if (typeof options.messaging === 'object') {
    const { MessagingModule, INBOX_PORT, OUTBOX_PORT } = messaging();
    modules.push(
      MessagingModule.forRoot({
        ...options.messaging,
        service: name,
        natsUrl: config.NATS_URL,
        streamReplicas: config.NATS_STREAM_REPLICAS,
        log: logger,
        observer: messagingObserver(metrics),
        trace: traceCarrier,
        ...(hasDatabase && {
          inbox: { provide: INBOX_PORT, useExisting: persistence().Inbox },
          outbox: { provide: OUTBOX_PORT, useExisting: persistence().OutboxStore },
        }),
      }),
    );
  }
  return modules;
}
