import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleInit,
} from '@nestjs/common';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { EVENTS, type ServiceName } from '@teleop/contracts';
import type { NatsConnection } from './connection/nats-connection';
import { ConsumerRunner } from './consumers/consumer-runner';
import { DEFAULT_CONSUMER } from './consumers/consumer-settings';
import { ConsumerWatch, type WatchedConsumer } from './consumers/consumer-watch';
import { findHandlers } from './handlers/find-handlers';
import type { MessagingOptions } from './messaging-options';
import type { Outbox } from './outbox/outbox';
import { OutboxRelay } from './outbox/outbox-relay';
import { OutboxWatch } from './outbox/outbox-watch';
import { DEFAULT_RELAY } from './outbox/relay-settings';
import { NO_OBSERVER, NO_TRACE, type InboxPort, type OutboxPort } from './ports';
import { AnswerRunner } from './requests/answer-runner';

interface Runner {
  start(): void;
  stop(): Promise<void>;
}

/** Connects first, checks that every declaration has its handler, starts after the app is ready, stops before it closes. */
export class MessagingLifecycle
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #handlers: Runner[] = [];
  readonly #publishing: Runner[] = [];

  constructor(
    private readonly options: MessagingOptions,
    private readonly nats: NatsConnection,
    private readonly outbox: Outbox<ServiceName>,
    private readonly inboxPort: InboxPort | null,
    private readonly outboxPort: OutboxPort | null,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.nats.connect();
    // A server without JetStream is told now, not by a consumer that never hears anything.
    if (this.outboxPort !== null || this.options.consumes.length > 0) await this.nats.manager();
  }

  onApplicationBootstrap(): void {
    const { service, log, observer = NO_OBSERVER, trace = NO_TRACE, streamReplicas } = this.options;
    const common = { service, nats: this.nats, log, observer, trace, streamReplicas };
    const { consumers, answers } = findHandlers(this.discovery, this.scanner, this.options);
    const settings = { ...DEFAULT_CONSUMER, ...this.options.consumers };
    const watched: WatchedConsumer[] = [];
    for (const { metadata, handle } of consumers) {
      if (this.inboxPort === null) throw new Error(`messaging: consumer "${metadata.name}" needs an inbox`);
      const deps = { ...common, inbox: this.inboxPort, settings };
      const runner = new ConsumerRunner(metadata, handle, deps);
      this.#handlers.push(runner);
      watched.push({ name: metadata.name, durable: runner.durable, stream: metadata.event.stream });
    }
    const watchMs = settings.watchMs;
    this.#handlers.push(new ConsumerWatch(service, watched, this.nats, observer, log, watchMs));
    for (const { request, handle } of answers) {
      this.#handlers.push(new AnswerRunner(request, handle, common));
    }
    if (this.outboxPort !== null) this.#publishing.push(...this.publishers(this.outboxPort));
    for (const runner of [...this.#publishing, ...this.#handlers]) runner.start();
  }

  /** Handlers first: what they announce while they finish still goes out. */
  async beforeApplicationShutdown(): Promise<void> {
    await stopAll(this.#handlers);
    await stopAll(this.#publishing);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.nats.drain();
  }

  private publishers(store: OutboxPort): Runner[] {
    const { service, log, observer = NO_OBSERVER, streamReplicas, events = EVENTS, relay } = this.options;
    const owned = events.filter((event) => event.owner === service);
    const deps = { service, events: owned, nats: this.nats, store, outbox: this.outbox };
    const watchMs = relay?.watchMs ?? DEFAULT_RELAY.watchMs;
    return [
      new OutboxRelay({ ...deps, log, observer, streamReplicas }, relay),
      new OutboxWatch(store, observer, log, watchMs),
    ];
  }
}

/** One that cannot be stopped must not keep the others running; its error is told in the end. */
async function stopAll(runners: readonly Runner[]): Promise<void> {
  const stopped = await Promise.allSettled(runners.map((runner) => runner.stop()));
  const failed = stopped.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
