import { connect, type ConnectionOptions, type NatsConnection as Nc } from '@nats-io/transport-node';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { MessagingLog } from './ports';

export interface NatsOptions {
  readonly natsUrl: string;
  readonly name: string;
  /** Milliseconds between attempts to reconnect; there is no limit to their number. */
  readonly reconnectWaitMs?: number;
  /** Milliseconds to wait for NATS at start before giving up. */
  readonly startTimeoutMs?: number;
}

/** nats.js ignores credentials inside URLs: they are taken out and passed on. */
export function connectionOptions(options: NatsOptions): ConnectionOptions {
  const urls = options.natsUrl.split(',').map((text) => new URL(text.trim()));
  const user = urls.map((url) => decodeURIComponent(url.username)).find((name) => name !== '');
  const pass = urls.map((url) => decodeURIComponent(url.password)).find((word) => word !== '');
  return {
    servers: urls.map((url) => url.host),
    name: options.name,
    ...(user === undefined ? {} : { user, pass: pass ?? '' }),
    maxReconnectAttempts: -1,
    waitOnFirstConnect: false,
    reconnectTimeWait: options.reconnectWaitMs ?? 250,
    pingInterval: 5_000,
    maxPingOut: 2,
  };
}

const FIRST_CONNECT_RETRY_MS = 250;

/** The process's connection to NATS. Reconnects for ever; says when it goes away and comes back. */
export class NatsConnection {
  #nc: Nc | undefined;
  #connected = false;
  readonly #listeners = new Set<(up: boolean) => void>();

  constructor(
    private readonly options: NatsOptions,
    private readonly log: MessagingLog,
  ) {}

  async connect(): Promise<void> {
    const deadline = performance.now() + (this.options.startTimeoutMs ?? 30_000);
    while (this.#nc === undefined) {
      try {
        this.#nc = await connect(connectionOptions(this.options));
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, FIRST_CONNECT_RETRY_MS));
      }
    }
    this.#connected = true;
    void this.follow(this.#nc);
  }

  get nc(): Nc {
    if (this.#nc === undefined) throw new Error('NATS: not connected yet');
    return this.#nc;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get js(): JetStreamClient {
    return jetstream(this.nc, { timeout: 5_000 });
  }

  /** Throws when the server has no JetStream. */
  async manager(): Promise<JetStreamManager> {
    try {
      return await jetstreamManager(this.nc, { timeout: 5_000 });
    } catch (error) {
      if ((error as Error).name !== 'JetStreamNotEnabled') throw error;
      throw new Error(
        'this NATS server runs without JetStream: start it with -js (or jetstream {} in its configuration)',
        {
          cause: error,
        },
      );
    }
  }

  /** Calls back on every loss and return of the connection; returns the way to stop that. */
  onStatus(listener: (up: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets what is in flight finish, then closes. */
  async drain(): Promise<void> {
    if (this.#nc === undefined || this.#nc.isClosed()) return;
    if (this.#connected) await this.#nc.drain();
    else await this.#nc.close();
  }

  private async follow(nc: Nc): Promise<void> {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') this.report(false);
      else if (status.type === 'reconnect') this.report(true);
    }
    this.#connected = false;
  }

  private report(up: boolean): void {
    if (this.#connected === up) return;
    this.#connected = up;
    this.log.warn({ natsConnected: up }, up ? 'NATS is back' : 'NATS is away; reconnecting');
    for (const listener of this.#listeners) listener(up);
  }
}
