import { pokeSubject, type EventDeclaration, type ServiceName } from '@teleop/contracts';
import type { Subscription } from '@nats-io/transport-node';
import type { NatsConnection } from '../connection/nats-connection';
import { ensureStream } from '../connection/streams';
import { pause } from '../pause';
import type { MessagingLog, MessagingObserver, OutboxLeasePort, OutboxPort } from '../ports';
import { BatchPublisher } from './batch-publisher';
import type { Outbox } from './outbox';
import { DEFAULT_RELAY, type RelaySettings } from './relay-settings';
import { Signal } from './signal';

export interface RelayDeps {
  readonly service: ServiceName;
  /** The events that the service owns. */
  readonly events: readonly EventDeclaration[];
  readonly nats: NatsConnection;
  readonly store: OutboxPort;
  readonly outbox: Outbox<ServiceName>;
  readonly log: MessagingLog;
  readonly observer: MessagingObserver;
  readonly streamReplicas?: number;
}

/**
 * Publishes committed facts to JetStream in the order they were written. One process of a service holds the lease; the
 * others poke it over core NATS and take over when its database session ends. A crash between publish and delete
 * publishes again under the same `Nats-Msg-Id`, which the stream and the consumers' inboxes drop.
 */
export class OutboxRelay {
  readonly #signal = new Signal();
  readonly #stop = new AbortController();
  readonly #publisher: BatchPublisher;
  readonly #names: readonly string[];
  readonly #settings: RelaySettings;
  #done: Promise<void> | undefined;
  #subscription: Subscription | undefined;
  #leading = false;
  #troubled = false;
  #lastForget = -Infinity;

  constructor(
    private readonly deps: RelayDeps,
    settings: Partial<RelaySettings> = {},
  ) {
    const byName = new Map(deps.events.map((event) => [event.name, event]));
    this.#names = [...byName.keys()];
    this.#settings = { ...DEFAULT_RELAY, ...settings };
    this.#publisher = new BatchPublisher(byName, deps.nats, deps.log, deps.observer);
  }

  start(): void {
    const { service, nats, outbox } = this.deps;
    const subject = pokeSubject(service);
    this.#subscription = nats.nc.subscribe(subject, { callback: () => this.#signal.set() });
    outbox.onPoke(() => {
      if (this.#leading) this.#signal.set();
      else if (nats.connected && !this.stopping) nats.nc.publish(subject);
    });
    this.#done = this.run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#signal.set();
    this.#subscription?.unsubscribe();
    await this.#done;
  }

  private get stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  private async run(): Promise<void> {
    const { nats, store } = this.deps;
    const { retryMs, standbyMs } = this.#settings;
    while (!this.stopping) {
      try {
        const lease = nats.connected ? await store.tryLead() : undefined;
        if (lease !== undefined) await this.lead(lease);
        else await pause(nats.connected ? standbyMs : retryMs, this.#stop.signal);
      } catch (error) {
        this.trouble(error);
        await pause(retryMs, this.#stop.signal);
      }
    }
  }

  private async lead(lease: OutboxLeasePort): Promise<void> {
    const { batch, pollMs } = this.#settings;
    try {
      await this.deps.nats.whileUp(() => this.ensureStreams());
      this.#leading = true;
      while (!this.stopping && this.deps.nats.connected) {
        this.#signal.clear();
        const found = await this.relay(lease);
        await this.forget(lease);
        this.recovered();
        if (found === batch) continue;
        const poked = await this.#signal.wait(pollMs);
        if (poked) await pause(this.gatherMs(found), this.#stop.signal);
      }
      // What was committed while stopping goes out now rather than waiting for another replica.
      if (this.deps.nats.connected) await this.relay(lease);
    } finally {
      this.#leading = false;
      await lease.release();
    }
  }

  /** A lone fact leaves at once; under load larger batches cost the database and this process half as much. */
  private gatherMs(found: number): number {
    const { busyRows, busyGatherMs, gatherMs } = this.#settings;
    return found >= busyRows ? busyGatherMs : gatherMs;
  }

  /** The stream may have been wiped while nobody led. */
  private async ensureStreams(): Promise<void> {
    const manager = await this.deps.nats.manager();
    for (const stream of new Set(this.deps.events.map((event) => event.stream))) {
      await ensureStream(manager, stream, this.deps.streamReplicas);
    }
  }

  private async relay(lease: OutboxLeasePort): Promise<number> {
    const rows = await lease.fetch(this.#settings.batch, this.#names, this.#publisher.setAside);
    if (rows.length > 0) await this.#publisher.publish(lease, rows);
    return rows.length;
  }

  private async forget(lease: OutboxLeasePort): Promise<void> {
    const { forgetEveryMs, inboxKeepMs } = this.#settings;
    if (performance.now() - this.#lastForget < forgetEveryMs) return;
    this.#lastForget = performance.now();
    await lease.forgetInbox(inboxKeepMs);
  }

  // An outage is said once, not at every attempt.
  private trouble(error: unknown): void {
    if (!this.#troubled) this.deps.log.warn({ err: error }, 'outbox relay interrupted; it keeps trying');
    this.#troubled = true;
  }

  private recovered(): void {
    if (this.#troubled) this.deps.log.info({}, 'outbox relay works again');
    this.#troubled = false;
  }
}
