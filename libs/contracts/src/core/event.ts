import type { ServiceName } from './service-name';
import { fillSubject, wildcardSubject, type FillsSubject } from './subject';
import type { StreamName } from './streams';

export type Class<T extends object> = new () => T;

/** How consumers of an event are delivered to. Times in milliseconds. */
export interface DeliveryPolicy {
  /** Unacknowledged for this long: delivered again. */
  readonly ackWaitMs: number;
  /** Deliveries before the message is dead-lettered. */
  readonly maxDeliver: number;
  /** Waits between deliveries after an operational failure; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** Only the newest fact of a subject matters: the outbox relay may skip older unsent ones. */
  readonly latestOnly: boolean;
}

export const DEFAULT_DELIVERY: DeliveryPolicy = {
  ackWaitMs: 30_000,
  maxDeliver: 10,
  backoffMs: [250, 1_000, 5_000, 15_000, 60_000],
  latestOnly: false,
};

/** A fact, past tense, owned by one service. */
export interface EventDeclaration<
  Owner extends ServiceName = ServiceName,
  Payload extends object = object,
  Subject extends string = string,
> {
  readonly kind: 'event';
  /** Stable name: inbox rows, metrics and dead letters carry it. */
  readonly name: string;
  readonly owner: Owner;
  readonly subject: Subject;
  readonly stream: StreamName;
  readonly payload: Class<Payload>;
  readonly delivery: DeliveryPolicy;
  readonly description: string;
}

interface EventSpec<O extends ServiceName, S extends string, P extends FillsSubject<S>> {
  readonly name: string;
  readonly owner: O;
  readonly subject: S;
  readonly stream: StreamName;
  readonly payload: Class<P>;
  readonly description: string;
  readonly delivery?: Partial<DeliveryPolicy>;
}

/** Declares an event. Does not compile when the subject has a token that the payload lacks. */
export function defineEvent<const O extends ServiceName, const S extends string, P extends FillsSubject<S>>(
  spec: EventSpec<O, S, P>,
): EventDeclaration<O, P, S> {
  return Object.freeze({ ...spec, kind: 'event', delivery: { ...DEFAULT_DELIVERY, ...spec.delivery } });
}

export type PayloadOf<E> = E extends EventDeclaration<ServiceName, infer P> ? P : never;
export type OwnerOf<E> = E extends EventDeclaration<infer O> ? O : never;

export function eventSubject<P extends object>(
  event: EventDeclaration<ServiceName, P>,
  payload: NoInfer<P>,
): string {
  return fillSubject(event.subject, payload);
}

export function eventFilter(event: EventDeclaration): string {
  return wildcardSubject(event.subject);
}
