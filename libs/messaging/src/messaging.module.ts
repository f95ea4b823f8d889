import {
  Global,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { EVENTS, type EventDeclaration, type RequestDeclaration, type ServiceName } from '@teleop/contracts';
import { AnswerRunner, type AnswerHandler } from './answer-runner';
import { Broadcast } from './broadcast';
import { ConsumerRunner, type ConsumerHandler } from './consumer-runner';
import { findHandlers } from './find-handlers';
import { NatsConnection } from './nats-connection';
import { Outbox } from './outbox';
import { DEFAULT_RELAY, OutboxRelay, type RelaySettings } from './outbox-relay';
import {
  NO_TRACE,
  type InboxPort,
  type MessagingLog,
  type MessagingObserver,
  type OutboxPort,
  type TraceCarrier,
} from './ports';
import { Requests } from './requests';
import { ensureStream } from './streams';

/** Injection tokens of what the service hands to messaging. All but the database's two have defaults. */
export const INBOX_PORT = Symbol('teleop:inbox');
export const OUTBOX_PORT = Symbol('teleop:outbox');

export interface MessagingOptions {
  readonly service: ServiceName;
  readonly natsUrl: string;
  /** Events this service has a consumer for: exactly one handler each, or it does not start. */
  readonly consumes: readonly EventDeclaration[];
  /** Requests this service answers: exactly one handler each, or it does not start. */
  readonly answers: readonly RequestDeclaration[];
  /** Provider tokens of the database's side; without them there is no outbox and nothing may be consumed. */
  readonly inbox?: Provider;
  readonly outbox?: Provider;
  readonly relay?: Partial<RelaySettings>;
  readonly startTimeoutMs?: number;
  readonly log: MessagingLog;
  readonly observer?: MessagingObserver;
  readonly trace?: TraceCarrier;
}

const NO_OBSERVER: MessagingObserver = {
  published: () => undefined,
  consumed: () => undefined,
  answered: () => undefined,
};

/** Connects first, checks that every declaration has its handler, starts after the app is ready, stops before it closes. */
class MessagingLifecycle
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #consumers: ConsumerRunner[] = [];
  readonly #answers: AnswerRunner[] = [];
  #relay: OutboxRelay | undefined;

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
    const owned = EVENTS.filter((event) => event.owner === this.options.service);
    if (this.outboxPort !== null) {
      const manager = await this.nats.manager();
      for (const stream of new Set(owned.map((event) => event.stream))) await ensureStream(manager, stream);
      this.#relay = this.makeRelay(owned, this.outboxPort);
    }
  }

  onApplicationBootstrap(): void {
    const { consumers, answers } = findHandlers(this.discovery, this.scanner, this.options);
    for (const { metadata, handle } of consumers) {
      if (this.inboxPort === null) throw new Error(`${metadata.name}: a consumer needs an inbox`);
      this.#consumers.push(this.makeConsumer(metadata, handle, this.inboxPort));
    }
    for (const { request, handle } of answers) this.#answers.push(this.makeAnswer(request, handle));
    this.#relay?.start();
    for (const runner of [...this.#consumers, ...this.#answers]) runner.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#consumers, ...this.#answers].map((runner) => runner.stop()));
    await this.#relay?.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.nats.drain();
  }

  private makeRelay(owned: readonly EventDeclaration[], port: OutboxPort): OutboxRelay {
    const { service, log } = this.options;
    const settings = { ...DEFAULT_RELAY, ...this.options.relay };
    const observer = this.options.observer ?? NO_OBSERVER;
    return new OutboxRelay(service, owned, this.nats, port, this.outbox, log, observer, settings);
  }

  private makeConsumer(
    metadata: ConstructorParameters<typeof ConsumerRunner>[0],
    handle: ConsumerHandler,
    inbox: InboxPort,
  ): ConsumerRunner {
    const { service, log, observer = NO_OBSERVER, trace = NO_TRACE } = this.options;
    return new ConsumerRunner(metadata, handle, { service, nats: this.nats, inbox, trace, log, observer });
  }

  private makeAnswer(request: RequestDeclaration, handle: AnswerHandler): AnswerRunner {
    const { service, log, observer = NO_OBSERVER, trace = NO_TRACE } = this.options;
    return new AnswerRunner(service, request, handle, this.nats, trace, log, observer);
  }
}

@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    const trace = options.trace ?? NO_TRACE;
    const nats = new NatsConnection(
      { natsUrl: options.natsUrl, name: options.service, startTimeoutMs: options.startTimeoutMs },
      options.log,
    );
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: NatsConnection, useValue: nats },
        options.inbox ?? { provide: INBOX_PORT, useValue: null },
        options.outbox ?? { provide: OUTBOX_PORT, useValue: null },
        { provide: Requests, useValue: new Requests(nats, trace) },
        { provide: Broadcast, useValue: new Broadcast(nats, options.log) },
        {
          provide: Outbox,
          inject: [OUTBOX_PORT],
          useFactory: (port: OutboxPort | null) => new Outbox(port ?? missingOutbox(options.service), trace),
        },
        {
          provide: MessagingLifecycle,
          inject: [Outbox, INBOX_PORT, OUTBOX_PORT, DiscoveryService, MetadataScanner],
          useFactory: (
            outbox: Outbox<ServiceName>,
            inboxPort: InboxPort | null,
            outboxPort: OutboxPort | null,
            discovery: DiscoveryService,
            scanner: MetadataScanner,
          ) => new MessagingLifecycle(options, nats, outbox, inboxPort, outboxPort, discovery, scanner),
        },
      ],
      exports: [NatsConnection, Requests, Broadcast, Outbox],
    };
  }
}

function missingOutbox(service: ServiceName): OutboxPort {
  const refuse = () => Promise.reject(new Error(`${service} has no outbox`));
  return { append: refuse, tryLead: refuse, pending: refuse };
}
