import { deadLetterSubject } from '@teleop/contracts';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { JsMsg } from '@nats-io/jetstream';
import { ensureStream } from '../connection/streams';
import { HEADERS, MESSAGE_ID } from '../wire';
import type { ConsumerDeps } from './consumer-deps';

/** What a burial needs. */
type Undertaker = Pick<ConsumerDeps, 'nats' | 'service' | 'streamReplicas'>;

const MAX_REASON = 1_000;

/** Headers are lines of text. */
function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_REASON);
}

/** The id that the event is known by: of the original, when the message is a replay. */
export function eventIdOf(message: JsMsg): string | undefined {
  return message.headers?.get(HEADERS.eventId) || message.headers?.get(MESSAGE_ID) || undefined;
}

function deadHeaders(message: JsMsg, durable: string, error: Error): MsgHdrs {
  const h = headers();
  for (const key of message.headers?.keys() ?? []) {
    if (!key.startsWith('Nats-')) h.set(key, message.headers?.get(key) ?? '');
  }
  h.set(HEADERS.eventId, eventIdOf(message) ?? `seq-${message.seq}`);
  h.set(HEADERS.deadSubject, message.subject);
  h.set(HEADERS.deadConsumer, durable);
  h.set(HEADERS.deadReason, line(error.message) || error.name);
  h.set(HEADERS.deadDeliveries, String(message.info.deliveryCount));
  h.set(HEADERS.deadAt, new Date().toISOString());
  return h;
}

/** Stores the message, as it is, with the reason; it is taken from its consumer only when that was acknowledged. */
export async function bury(
  message: JsMsg,
  error: Error,
  consumer: { name: string; durable: string },
  deps: Undertaker,
): Promise<void> {
  const { nats, service, streamReplicas } = deps;
  await ensureStream(await nats.manager(), 'DEAD_LETTERS', streamReplicas);
  await nats.js.publish(deadLetterSubject(service, consumer.name), message.data, {
    // One burial per stored message: a replay that dies again is another message and is kept as well.
    msgID: `${consumer.durable}:${message.seq}:${message.timestampNanos}`,
    headers: deadHeaders(message, consumer.durable, error),
  });
  message.term(line(error.message).slice(0, 200));
}
