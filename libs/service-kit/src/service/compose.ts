/* Loaded late, and only where they are used: TypeORM and its driver cost 7 MB, and telemetry has to patch pg first. */
/* eslint-disable @typescript-eslint/no-require-imports */
import type { DynamicModule } from '@nestjs/common';
import type { Logger } from '../logging/logger';
import { messagingObserver } from '../metrics/messaging-observer';
import type { Metrics } from '../metrics/metrics';
import { traceCarrier } from '../tracing/trace-carrier';
import type { ServiceKitOptions } from './service-kit-options';

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
