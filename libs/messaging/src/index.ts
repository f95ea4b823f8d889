export { Broadcast } from './broadcast/broadcast';
export { Feeds } from './broadcast/feeds';
export { connectionOptions } from './connection/connection-options';
export { NatsConnection } from './connection/nats-connection';
export { ensureStream } from './connection/streams';
export { bury } from './consumers/bury';
export { unlessClosed } from './consumers/unless-closed';
export {
  isRefusal,
  NatsAway,
  Poison,
  refuse,
  RequestFailed,
  RequestRefused,
  RequestTimedOut,
  Retry,
  ServiceUnavailable,
} from './errors';
export { Answers, Consumes, type ConsumerContext, type ConsumerOptions } from './handlers/decorators';
export { INBOX_PORT, OUTBOX_PORT, type MessagingOptions } from './messaging-options';
export { MessagingModule } from './messaging.module';
export { Outbox } from './outbox/outbox';
export type { MessagingLog, MessagingObserver, TraceCarrier } from './ports';
export { Requests } from './requests/requests';
export type { Tx } from './tx';
export { HEADERS } from './wire';
