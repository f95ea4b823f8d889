import { HEADERS } from '@teleop/messaging';
import type { StoredMsg } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/nats-core';

export interface DeadLetter {
  /** Its number in the stream of dead letters. */
  readonly id: number;
  readonly storedAt: Date;
  /** The event's own id, by which consumers know whether they have applied it. */
  readonly eventId: string;
  readonly event: string;
  /** Durable name of the consumer that could not handle it. */
  readonly consumer: string;
  readonly reason: string;
  readonly deliveries: number;
  /** ISO 8601. */
  readonly when: string;
  /** Where it was published; undefined when the message is not one of ours. */
  readonly subject: string | undefined;
  readonly headers: MsgHdrs;
  readonly data: Uint8Array;
}

const CONSUMER_OF_SUBJECT = /^teleop\.dead\.([^.]+)\.(.+)$/;

export function deadLetterOf(message: StoredMsg): DeadLetter {
  const header = (name: string) => message.header.get(name) || undefined;
  const [, service, consumer] = CONSUMER_OF_SUBJECT.exec(message.subject) ?? [];
  return {
    id: message.seq,
    storedAt: message.time,
    eventId: header(HEADERS.eventId) ?? '',
    event: header(HEADERS.event) ?? header(HEADERS.deadSubject) ?? '?',
    consumer: header(HEADERS.deadConsumer) ?? (service ? `${service}__${consumer}` : '?'),
    reason: header(HEADERS.deadReason) ?? '',
    deliveries: Number(header(HEADERS.deadDeliveries) ?? 0),
    when: header(HEADERS.deadAt) ?? message.time.toISOString(),
    subject: header(HEADERS.deadSubject),
    headers: message.header,
    data: message.data,
  };
}
