import { eventFilter } from '@teleop/contracts';
import { AckPolicy, DeliverPolicy, type ConsumerMessages } from '@nats-io/jetstream';
import { ensureStream } from '../connection/streams';
import type { ConsumerMetadata } from '../handlers/decorators';
import { pause } from '../pause';
import type { ConsumerDeps, ConsumerHandler } from './consumer-deps';
import { Deliveries } from './delivery';

const NS_PER_MS = 1_000_000;
const DEFAULT_CONCURRENCY = 8;
const VANISHED: readonly string[] = ['consumer_deleted', 'consumer_not_found', 'stream_not_found'];

/** One durable pull consumer: fetches, applies once, acknowledges after the commit, backs off, dead-letters. */
export class ConsumerRunner {
  readonly durable: string;
  readonly #deliveries: Deliveries;
  readonly #stop = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  #messages: ConsumerMessages | undefined;
  #done: Promise<void> | undefined;
  #troubled = false;

  constructor(
    private readonly metadata: ConsumerMetadata,
    handle: ConsumerHandler,
    private readonly deps: ConsumerDeps,
  ) {
    this.durable = `${deps.service}__${metadata.name}`;
    this.#deliveries = new Deliveries(metadata, this.durable, handle, deps);
  }

  start(): void {
    this.#done = this.run();
  }

  /** Takes no further message, waits for those being applied. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#messages?.stop();
    await this.#done;
    await Promise.all(this.#inFlight);
  }

  private get stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  private async run(): Promise<void> {
    const { nats, log, settings } = this.deps;
    while (!this.stopping) {
      try {
        if (nats.connected) await this.consume();
      } catch (error) {
        // An outage is said once, not at every attempt.
        if (!this.#troubled && !this.stopping) {
          log.warn({ err: error, consumer: this.durable }, 'consumer interrupted; it keeps trying');
        }
        this.#troubled = true;
      }
      await pause(settings.restartMs, this.#stop.signal);
    }
  }

  private async consume(): Promise<void> {
    const concurrency = this.metadata.concurrency ?? DEFAULT_CONCURRENCY;
    const messages = await this.open(concurrency);
    this.#messages = messages;
    if (this.#troubled) this.deps.log.info({ consumer: this.durable }, 'consumer works again');
    this.#troubled = false;
    if (this.stopping) messages.stop();
    void this.watch(messages);
    for await (const message of messages) {
      if (this.stopping) {
        // Fetched ahead and not begun: another replica can have it now rather than after the ack wait.
        message.nak();
        continue;
      }
      const work = this.#deliveries.take(message).finally(() => this.#inFlight.delete(work));
      this.#inFlight.add(work);
      if (this.#inFlight.size >= concurrency) await Promise.race(this.#inFlight);
    }
  }

  /** Makes the durable, or brings it in step with its declaration, and begins to pull. */
  private async open(concurrency: number): Promise<ConsumerMessages> {
    const { event } = this.metadata;
    const { nats, settings, streamReplicas } = this.deps;
    return nats.whileUp(async () => {
      const manager = await nats.manager();
      await ensureStream(manager, event.stream, streamReplicas);
      await manager.consumers.add(event.stream, {
        durable_name: this.durable,
        filter_subjects: [eventFilter(event)],
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ack_wait: event.delivery.ackWaitMs * NS_PER_MS,
        // The server would give up silently; we dead-letter, and wait out outages however many deliveries they take.
        max_deliver: -1,
        max_ack_pending: settings.maxAckPending,
      });
      const consumer = await nats.js.consumers.get(event.stream, this.durable);
      // Fetching far ahead would let messages grow old in our buffer, and their ack wait run out.
      return consumer.consume({ max_messages: concurrency * 2, expires: settings.pullMs });
    });
  }

  // A stream or consumer that vanished (wiped store) does not end the iterator: it must be made anew.
  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const status of messages.status()) if (VANISHED.includes(status.type)) messages.stop();
  }
}
