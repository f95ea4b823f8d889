import { eventSubject, type EventDeclaration, type StreamName } from '@teleop/contracts';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { OutboxMessage } from '../ports';
import { HEADERS } from '../wire';

/** An outbox row, ready to be sent. */
export interface Letter {
  readonly id: string;
  readonly event: EventDeclaration;
  readonly subject: string;
  readonly stream: StreamName;
  readonly body: string;
  readonly headers: MsgHdrs;
}

// The subject and our headers count as payload; they are far smaller.
const ENVELOPE_BYTES = 4_096;

/** Throws RangeError for a row that could never be sent. */
export function letterOf(event: EventDeclaration, row: OutboxMessage, maxPayload: number): Letter {
  const subject = eventSubject(event, row.payload);
  const body = JSON.stringify(row.payload);
  const bytes = Buffer.byteLength(body);
  if (bytes + ENVELOPE_BYTES > maxPayload) {
    throw new RangeError(`${bytes} bytes are more than NATS takes (${maxPayload})`);
  }
  const h = headers();
  h.set(HEADERS.event, row.event);
  h.set(HEADERS.occurredAt, row.occurred_at.toISOString());
  if (row.trace !== null) h.set(HEADERS.trace, row.trace);
  return { id: row.id, event, subject, stream: event.stream, body, headers: h };
}
