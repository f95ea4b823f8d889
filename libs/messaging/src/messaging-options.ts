import type { Provider } from '@nestjs/common';
import type { EventDeclaration, RequestDeclaration, ServiceName } from '@teleop/contracts';
import type { ConsumerSettings } from './consumers/consumer-settings';
import type { RelaySettings } from './outbox/relay-settings';
import type { MessagingLog, MessagingObserver, TraceCarrier } from './ports';

/** Injection tokens of what the service hands to messaging. */
export const INBOX_PORT = Symbol('teleop:inbox');
export const OUTBOX_PORT = Symbol('teleop:outbox');

export interface MessagingOptions {
  readonly service: ServiceName;
  readonly natsUrl: string;
  /** Events this service has a consumer for: exactly one handler each, or it does not start. */
  readonly consumes: readonly EventDeclaration[];
  /** Requests this service answers: exactly one handler each, or it does not start. */
  readonly answers: readonly RequestDeclaration[];
  /** Provider tokens of the database's side; without them there is no outbox and nothing may be consumed. */
  readonly inbox?: Provider;
  readonly outbox?: Provider;
  /** Every event there is; those that the service owns are relayed. */
  readonly events?: readonly EventDeclaration[];
  readonly relay?: Partial<RelaySettings>;
  readonly consumers?: Partial<ConsumerSettings>;
  /** Copies of streams that this service makes; those that exist keep theirs. */
  readonly streamReplicas?: number;
  readonly startTimeoutMs?: number;
  readonly drainTimeoutMs?: number;
  readonly log: MessagingLog;
  readonly observer?: MessagingObserver;
  readonly trace?: TraceCarrier;
}
