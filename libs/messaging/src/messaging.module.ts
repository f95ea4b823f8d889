import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { ServiceName } from '@teleop/contracts';
import { Broadcast } from './broadcast/broadcast';
import { Feeds } from './broadcast/feeds';
import { NatsConnection } from './connection/nats-connection';
import { MessagingLifecycle } from './messaging-lifecycle';
import { INBOX_PORT, OUTBOX_PORT, type MessagingOptions } from './messaging-options';
import { Outbox } from './outbox/outbox';
import { NO_TRACE, type InboxPort, type OutboxPort } from './ports';
import { Requests } from './requests/requests';

@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    const { natsUrl, service, startTimeoutMs, drainTimeoutMs, log, trace = NO_TRACE } = options;
    const nats = new NatsConnection({ natsUrl, name: service, startTimeoutMs, drainTimeoutMs }, log);
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: NatsConnection, useValue: nats },
        options.inbox ?? { provide: INBOX_PORT, useValue: null },
        options.outbox ?? { provide: OUTBOX_PORT, useValue: null },
        { provide: Requests, useValue: new Requests(nats, trace) },
        { provide: Broadcast, useValue: new Broadcast(nats, log) },
        { provide: Feeds, useValue: new Feeds(nats) },
        {
          provide: Outbox,
          inject: [OUTBOX_PORT],
          useFactory: (port: OutboxPort | null) => new Outbox(port ?? missingOutbox(service), trace),
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
      exports: [NatsConnection, Requests, Broadcast, Feeds, Outbox],
    };
  }
}

function missingOutbox(service: ServiceName): OutboxPort {
  const refuse = () => Promise.reject(new Error(`${service} has no outbox`));
  return { append: refuse, tryLead: refuse, pending: refuse };
}
