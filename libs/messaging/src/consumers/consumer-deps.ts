import type { ServiceName } from '@teleop/contracts';
import type { NatsConnection } from '../connection/nats-connection';
import type { ConsumerContext } from '../handlers/decorators';
import type { InboxPort, MessagingLog, MessagingObserver, TraceCarrier } from '../ports';
import type { ConsumerSettings } from './consumer-settings';

export type ConsumerHandler = (payload: object, context: ConsumerContext) => Promise<void>;

export interface ConsumerDeps {
  readonly service: ServiceName;
  readonly nats: NatsConnection;
  readonly inbox: InboxPort;
  readonly trace: TraceCarrier;
  readonly log: MessagingLog;
  readonly observer: MessagingObserver;
  readonly settings: ConsumerSettings;
  readonly streamReplicas?: number;
}
