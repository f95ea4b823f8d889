import { teachState, eventFilter } from '@teleop/contracts';
import { ensureStream, NatsConnection } from '@teleop/messaging';
import { AckPolicy, DeliverPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { IngestSettings } from './ingest-settings';

const NS_PER_MS = 1_000_000;
const PULL_MS = 10_000;
const VANISHED: readonly string[] = ['consumer_deleted', 'consumer_not_found', 'stream_not_found'];

/** One durable consumer for all replicas; what one of them does not acknowledge in time goes to another. */
export const STATE_CONSUMER = 'teach-service__teach-state';

/** Begins to pull; everything that comes is handed to `take`. Throws when NATS is away. */
export async function pullStates(
  nats: NatsConnection,
  settings: IngestSettings,
  take: (message: JsMsg) => void,
): Promise<ConsumerMessages> {
  return nats.whileUp(async () => {
    const manager = await nats.manager();
    await ensureStream(manager, teachState.stream, settings.NATS_STREAM_REPLICAS);
    await manager.consumers.add(teachState.stream, {
      durable_name: STATE_CONSUMER,
      filter_subjects: [eventFilter(teachState)],
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: settings.INGEST_ACK_WAIT_MS * NS_PER_MS,
      max_deliver: -1,
      max_ack_pending: settings.INGEST_MAX_PENDING,
    });
    const consumer = await nats.js.consumers.get(teachState.stream, STATE_CONSUMER);
    const messages = await consumer.consume({
      max_messages: settings.INGEST_PULL,
      expires: PULL_MS,
      callback: take,
    });
    void stopWhenVanished(messages);
    return messages;
  });
}

// A stream or consumer that vanished (wiped store) does not end the pulling: it must be made anew.
async function stopWhenVanished(messages: ConsumerMessages): Promise<void> {
  for await (const { type } of messages.status()) if (VANISHED.includes(type)) messages.stop();
}
