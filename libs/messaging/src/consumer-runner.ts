import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterSubject, eventFilter, validate, type ServiceName } from '@teleop/contracts';
import { headers } from '@nats-io/transport-node';
import { AckPolicy, DeliverPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { ConsumerContext, ConsumerMetadata } from './decorators';
import { Poison, Retry } from './errors';
import type { NatsConnection } from './nats-connection';
import type { InboxPort, MessagingLog, MessagingObserver, TraceCarrier } from './ports';
import { ensureStream } from './streams';
import { HEADERS } from './wire';

export type ConsumerHandler = (payload: object, context: ConsumerContext) => Promise<void>;

export interface ConsumerDeps {
  readonly service: ServiceName;
  readonly nats: NatsConnection;
  readonly inbox: InboxPort;
  readonly trace: TraceCarrier;
  readonly log: MessagingLog;
  readonly observer: MessagingObserver;
}

const NS_PER_MS = 1_000_000;
const RESTART_MS = 500;

/** One durable pull consumer: fetches, applies once, acknowledges after the commit, backs off, dead-letters. */
export class ConsumerRunner {
  readonly durable: string;
  #stopping = false;
  #messages: ConsumerMessages | undefined;
  #done: Promise<void> | undefined;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(
    private readonly metadata: ConsumerMetadata,
    private readonly handle: ConsumerHandler,
    private readonly deps: ConsumerDeps,
  ) {
    this.durable = `${deps.service}__${metadata.name}`;
  }

  start(): void {
    this.#done = this.run();
  }

  /** Takes no further message, waits for those being applied. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#messages?.stop();
    await this.#done;
    await Promise.all(this.#inFlight);
  }

  private async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.consume();
      } catch (error) {
        if (this.#stopping) return;
        this.deps.log.warn({ err: error, consumer: this.durable }, 'consumer interrupted; starting it again');
      }
      if (!this.#stopping) await sleep(RESTART_MS);
    }
  }

  private async consume(): Promise<void> {
    const { event } = this.metadata;
    const manager = await this.deps.nats.manager();
    await ensureStream(manager, event.stream);
    // `add` also brings an existing durable in step with its declaration.
    await manager.consumers.add(event.stream, {
      durable_name: this.durable,
      filter_subjects: [eventFilter(event)],
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: event.delivery.ackWaitMs * NS_PER_MS,
      // Ours counts and dead-letters; the server's limit is only the net below it.
      max_deliver: event.delivery.maxDeliver + 5,
      max_ack_pending: 1_000,
    });
    const consumer = await this.deps.nats.js.consumers.get(event.stream, this.durable);
    const concurrency = this.metadata.concurrency ?? 8;
    this.#messages = await consumer.consume({ max_messages: Math.max(16, concurrency * 2) });
    void this.watch(this.#messages);
    for await (const message of this.#messages) {
      const work = this.take(message).finally(() => this.#inFlight.delete(work));
      this.#inFlight.add(work);
      if (this.#inFlight.size >= concurrency) await Promise.race(this.#inFlight);
    }
  }

  // A stream or consumer that vanished (wiped store) does not end the iterator: it must be made anew.
  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const status of messages.status()) {
      if (['consumer_deleted', 'consumer_not_found', 'stream_not_found'].includes(status.type))
        messages.stop();
    }
  }

  private async take(message: JsMsg): Promise<void> {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1_000;
    const { observer } = this.deps;
    try {
      const parent = message.headers?.get(HEADERS.trace) || undefined;
      const applied = await this.deps.trace.run(parent, () => this.apply(message));
      await message.ackAck({ timeout: 2_000 }).catch(() => message.ack());
      observer.consumed(this.metadata.name, applied ? 'applied' : 'duplicate', seconds());
    } catch (error) {
      await this.fail(message, error as Error, seconds);
    }
  }

  private async apply(message: JsMsg): Promise<boolean> {
    const payload = this.parse(message);
    const eventId = message.headers?.get(HEADERS.eventId) || message.headers?.get('Nats-Msg-Id');
    if (!eventId) throw new Poison('the message carries no id');
    return this.deps.inbox.once(this.metadata.name, eventId, (tx) =>
      this.handle(payload, {
        tx,
        eventId,
        deliveryCount: message.info.deliveryCount,
        occurredAt: message.headers?.get(HEADERS.occurredAt) ?? '',
      }),
    );
  }

  private parse(message: JsMsg): object {
    let body: unknown;
    try {
      body = message.json();
    } catch (error) {
      throw new Poison('the body is not JSON', { cause: error });
    }
    const checked = validate(this.metadata.event.payload, body);
    if (checked.ok) return checked.value;
    throw new Poison(checked.errors.map(({ path, message: why }) => `${path}: ${why}`).join('; '));
  }

  private async fail(message: JsMsg, error: Error, seconds: () => number): Promise<void> {
    const { delivery } = this.metadata.event;
    const count = message.info.deliveryCount;
    const fields = { err: error, consumer: this.durable, subject: message.subject, deliveryCount: count };
    if (error instanceof Poison || count >= delivery.maxDeliver) {
      try {
        await this.bury(message, error);
        this.deps.log.error(fields, 'message dead-lettered');
        this.deps.observer.consumed(this.metadata.name, 'dead', seconds());
        return;
      } catch (buryError) {
        this.deps.log.error({ ...fields, buryError }, 'dead letter could not be stored; the message stays');
      }
    }
    const planned = delivery.backoffMs[Math.min(count, delivery.backoffMs.length) - 1] ?? 1_000;
    message.nak(error instanceof Retry ? (error.delayMs ?? planned) : planned);
    this.deps.log.warn(fields, 'message failed; it will be delivered again');
    this.deps.observer.consumed(this.metadata.name, 'retried', seconds());
  }

  private async bury(message: JsMsg, error: Error): Promise<void> {
    const id =
      message.headers?.get(HEADERS.eventId) || message.headers?.get('Nats-Msg-Id') || `seq-${message.seq}`;
    const h = headers();
    for (const key of message.headers?.keys() ?? []) {
      if (!key.startsWith('Nats-')) h.set(key, message.headers?.get(key) ?? '');
    }
    h.set(HEADERS.eventId, id);
    h.set(HEADERS.deadSubject, message.subject);
    h.set(HEADERS.deadConsumer, this.durable);
    // A header is one line.
    h.set(HEADERS.deadReason, error.message.replace(/[\r\n]+/g, ' ').slice(0, 1_000));
    h.set(HEADERS.deadDeliveries, String(message.info.deliveryCount));
    h.set(HEADERS.deadAt, new Date().toISOString());
    await ensureStream(await this.deps.nats.manager(), 'DEAD_LETTERS');
    await this.deps.nats.js.publish(deadLetterSubject(this.deps.service, this.metadata.name), message.data, {
      msgID: `${this.durable}:${id}:${message.info.deliveryCount}`,
      headers: h,
    });
    message.term(error.message.slice(0, 200));
  }
}
