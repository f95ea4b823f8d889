import { eventSubject, type EventDeclaration, type ServiceName } from '@teleop/contracts';
import { headers, type Subscription } from '@nats-io/transport-node';
import type { NatsConnection } from './nats-connection';
import type { Outbox } from './outbox';
import type { MessagingLog, MessagingObserver, OutboxLeasePort, OutboxMessage, OutboxPort } from './ports';
import { HEADERS, pokeSubject } from './wire';
import { Signal } from './signal';

export interface RelaySettings {
  /** Rows published at once. */
  readonly batch: number;
  /** Milliseconds between looks when nobody pokes. */
  readonly pollMs: number;
  /** Milliseconds to gather under load, so that a burst becomes one batch. */
  readonly gatherMs: number;
  /** Milliseconds to wait after a failure. */
  readonly retryMs: number;
  /** Age in milliseconds at which inbox rows are forgotten; longer than any stream keeps messages. */
  readonly inboxKeepMs: number;
}

export const DEFAULT_RELAY: RelaySettings = {
  batch: 500,
  pollMs: 250,
  gatherMs: 5,
  retryMs: 500,
  inboxKeepMs: 8 * 24 * 3_600_000,
};

const HOUR_MS = 3_600_000;

/**
 * Publishes committed facts to JetStream in the order they were written. One process of a service holds the lease; the
 * others poke it over core NATS and take over when its database session ends. A crash between publish and delete
 * publishes again under the same `Nats-Msg-Id`, which the stream and the consumers' inboxes drop.
 */
export class OutboxRelay {
  readonly #signal = new Signal();
  readonly #byName: Map<string, EventDeclaration>;
  readonly #owned: readonly string[];
  #stopping = false;
  #done: Promise<void> | undefined;
  #subscription: Subscription | undefined;
  #leading = false;
  #lastForget = -Infinity;

  constructor(
    private readonly service: ServiceName,
    owned: readonly EventDeclaration[],
    private readonly nats: NatsConnection,
    private readonly store: OutboxPort,
    private readonly outbox: Outbox<ServiceName>,
    private readonly log: MessagingLog,
    private readonly observer: MessagingObserver,
    private readonly settings: RelaySettings = DEFAULT_RELAY,
  ) {
    this.#byName = new Map(owned.map((event) => [event.name, event]));
    this.#owned = [...this.#byName.keys()];
  }

  start(): void {
    const subject = pokeSubject(this.service);
    this.#subscription = this.nats.nc.subscribe(subject, { callback: () => this.#signal.set() });
    this.outbox.onPoke(() => {
      if (this.#leading) this.#signal.set();
      else if (this.nats.connected) this.nats.nc.publish(subject);
    });
    this.#done = this.run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#signal.set();
    this.#subscription?.unsubscribe();
    await this.#done;
  }

  private async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        const lease = await this.store.tryLead();
        if (lease === undefined) await this.#signal.waitOrIgnore(this.settings.pollMs * 4);
        else await this.lead(lease);
      } catch (error) {
        this.log.warn({ err: error }, 'outbox relay: will try again');
        await this.#signal.waitOrIgnore(this.settings.retryMs);
      }
    }
  }

  private async lead(lease: OutboxLeasePort): Promise<void> {
    this.#leading = true;
    try {
      while (!this.#stopping) {
        this.#signal.clear();
        const batch = await lease.fetch(this.settings.batch, this.#owned);
        if (batch.length > 0) await this.publish(lease, batch);
        await this.forget(lease);
        if (batch.length === this.settings.batch) continue;
        const poked = await this.#signal.wait(this.settings.pollMs);
        if (poked && !this.#stopping)
          await new Promise((resolve) => setTimeout(resolve, this.settings.gatherMs));
      }
      await this.flush(lease);
    } finally {
      this.#leading = false;
      await lease.release();
    }
  }

  // What was committed while stopping goes out now rather than waiting for another replica.
  private async flush(lease: OutboxLeasePort): Promise<void> {
    if (!this.nats.connected) return;
    const batch = await lease.fetch(this.settings.batch, this.#owned);
    if (batch.length > 0) await this.publish(lease, batch);
  }

  private async publish(lease: OutboxLeasePort, batch: readonly OutboxMessage[]): Promise<void> {
    const newest = new Map<string, string>();
    const addressed = batch.map((message) => {
      const letter = this.address(message);
      if (letter !== undefined) newest.set(letter.subject, message.id);
      return letter;
    });
    const js = this.nats.js;
    const results = await Promise.allSettled(
      batch.map(async (message, index) => {
        const letter = addressed[index];
        if (letter === undefined)
          throw new Error(`outbox row ${message.id} (${message.event}) cannot be addressed`);
        if (letter.event.delivery.latestOnly && newest.get(letter.subject) !== message.id) return;
        const h = headers();
        h.set(HEADERS.event, message.event);
        h.set(HEADERS.occurredAt, message.occurred_at.toISOString());
        if (message.trace !== null) h.set(HEADERS.trace, message.trace);
        await js.publish(letter.subject, JSON.stringify(message.payload), { msgID: message.id, headers: h });
        this.observer.published(message.event, 1);
      }),
    );
    const sent = batch
      .filter((_, index) => results[index]?.status === 'fulfilled')
      .map((message) => message.id);
    if (sent.length > 0) await lease.remove(sent);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Undefined for a row whose payload does not fill its subject: a bug that must not hold up the rows behind it. */
  private address(message: OutboxMessage): { event: EventDeclaration; subject: string } | undefined {
    const event = this.#byName.get(message.event);
    if (event === undefined) return undefined;
    try {
      return { event, subject: eventSubject(event, message.payload) };
    } catch (error) {
      this.log.error({ err: error, outboxId: message.id }, 'outbox row cannot be addressed');
      return undefined;
    }
  }

  private async forget(lease: OutboxLeasePort): Promise<void> {
    if (performance.now() - this.#lastForget < HOUR_MS) return;
    this.#lastForget = performance.now();
    await lease.forgetInbox(this.settings.inboxKeepMs);
  }
}
