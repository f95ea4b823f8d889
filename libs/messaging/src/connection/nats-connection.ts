import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection as Nc } from '@nats-io/transport-node';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { NatsAway } from '../errors';
import type { MessagingLog } from '../ports';
import { connectionOptions, type NatsOptions } from './connection-options';

const FIRST_CONNECT_RETRY_MS = 250;
const API_TIMEOUT_MS = 5_000;

/** The process's connection to NATS. Reconnects for ever; says when it goes away and comes back. */
export class NatsConnection {
  #nc: Nc | undefined;
  #connected = false;
  readonly #listeners = new Set<(up: boolean) => void>();

  constructor(
    private readonly options: NatsOptions,
    private readonly log: MessagingLog,
  ) {}

  /** Waits for NATS as long as the options say; credentials that are refused are not worth waiting. */
  async connect(): Promise<void> {
    const wanted = connectionOptions(this.options);
    const timeoutMs = this.options.startTimeoutMs ?? 30_000;
    const deadline = performance.now() + timeoutMs;
    while (this.#nc === undefined) {
      try {
        this.#nc = await connect(wanted);
      } catch (error) {
        const refused = (error as Error).name === 'AuthorizationError';
        if (refused || performance.now() > deadline) {
          const what = refused ? 'refused our credentials' : `could not be reached for ${timeoutMs} ms`;
          throw new NatsAway(`NATS at ${String(wanted.servers)} ${what}: ${(error as Error).message}`, {
            cause: error,
          });
        }
        await sleep(FIRST_CONNECT_RETRY_MS);
      }
    }
    this.#connected = true;
    void this.follow(this.#nc);
  }

  get nc(): Nc {
    if (this.#nc === undefined) throw new NatsAway('NATS: not connected yet');
    return this.#nc;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get js(): JetStreamClient {
    return jetstream(this.nc, { timeout: API_TIMEOUT_MS });
  }

  /** Throws NatsAway while NATS is away, and in clear words when the server has no JetStream. */
  async manager(): Promise<JetStreamManager> {
    try {
      return await this.whileUp(() => jetstreamManager(this.nc, { timeout: API_TIMEOUT_MS }));
    } catch (error) {
      if ((error as Error).name !== 'JetStreamNotEnabled') throw error;
      throw new Error(
        'this NATS server runs without JetStream: start it with -js (or jetstream {} in its configuration)',
        { cause: error },
      );
    }
  }

  /** Calls back on every loss and return of the connection; returns the way to stop that. */
  onStatus(listener: (up: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits for work that needs the connection, and throws NatsAway as soon as that is lost: what was sent may be gone, and
   * its answer would be waited for in vain.
   */
  async whileUp<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#connected) throw new NatsAway();
    let stop: () => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      stop = this.onStatus((up) => {
        if (!up) reject(new NatsAway('the connection to NATS was lost'));
      });
    });
    try {
      return await Promise.race([work(), lost]);
    } finally {
      stop();
    }
  }

  /** Lets what is in flight finish, for a bounded time, then closes. */
  async drain(): Promise<void> {
    const nc = this.#nc;
    if (nc === undefined || nc.isClosed()) return;
    if (this.#connected) {
      const timer = new AbortController();
      // A drain waits for the server's answer; a server that dies now would never give it.
      const patience = sleep(this.options.drainTimeoutMs ?? 3_000, undefined, { signal: timer.signal });
      await Promise.race([this.whileUp(() => nc.drain()), patience]).catch((error: unknown) => {
        this.log.warn({ err: error }, 'NATS could not be drained');
      });
      timer.abort();
      await patience.catch(() => undefined);
    }
    if (!nc.isClosed()) await nc.close();
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
    for (const listener of [...this.#listeners]) {
      try {
        listener(up);
      } catch (error) {
        // One listener's bug must not keep the news from the others.
        this.log.error({ err: error }, 'a listener to the state of NATS failed');
      }
    }
  }
}
