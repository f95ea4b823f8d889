import type { Tx } from './tx';

/** What messaging needs of the service's database; persistence's Inbox and OutboxStore are the implementations. */
export interface InboxPort {
  once(consumer: string, eventId: string, apply: (tx: Tx) => Promise<void>): Promise<boolean>;
}

export interface OutboxMessage {
  readonly id: string;
  readonly event: string;
  readonly payload: Record<string, unknown>;
  readonly trace: string | null;
  readonly occurred_at: Date;
}

export interface OutboxLeasePort {
  /** The oldest rows of the given events, but for those named; rows of events this version does not know are left alone. */
  fetch(
    limit: number,
    events: readonly string[],
    except: readonly string[],
  ): Promise<readonly OutboxMessage[]>;
  remove(ids: readonly string[]): Promise<void>;
  forgetInbox(olderThanMs: number): Promise<void>;
  release(): Promise<void>;
}

export interface OutboxPort {
  append(tx: Tx, event: string, payload: object, trace: string | undefined): Promise<void>;
  /** Undefined while another process leads. */
  tryLead(): Promise<OutboxLeasePort | undefined>;
  pending(): Promise<{ rows: number; oldestAgeSeconds: number }>;
}

/** Carries the trace over message headers. */
export interface TraceCarrier {
  /** The `traceparent` of the work in progress, if any. */
  current(): string | undefined;
  /** Runs `work` as a child of the given `traceparent`. */
  run<T>(traceparent: string | undefined, work: () => Promise<T>): Promise<T>;
}

export const NO_TRACE: TraceCarrier = { current: () => undefined, run: (_parent, work) => work() };

export interface MessagingLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What happened, for metrics; every call is cheap and synchronous. */
export interface MessagingObserver {
  published(event: string, count: number): void;
  consumed(consumer: string, outcome: 'applied' | 'duplicate' | 'retried' | 'dead', seconds: number): void;
  answered(request: string, outcome: 'ok' | 'refused' | 'failed', seconds: number): void;
  /** What is committed and not announced yet, looked at every few seconds by every replica. */
  outboxPending?(rows: number, oldestAgeSeconds: number): void;
  /** Messages that a consumer of the service has not acknowledged yet, those under way included; likewise. */
  consumerPending?(consumer: string, messages: number): void;
  /** Messages that it gave up and nobody replayed or dropped; likewise. */
  deadLetters?(consumer: string, messages: number): void;
}

export const NO_OBSERVER: MessagingObserver = {
  published: () => undefined,
  consumed: () => undefined,
  answered: () => undefined,
};
