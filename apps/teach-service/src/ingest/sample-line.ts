import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { isOperational } from '@teleop/contracts';
import { bury, NatsConnection, unlessClosed } from '@teleop/messaging';
import { InjectConfig, LOGGER, Logger, stopController } from '@teleop/service-kit';
import type { JsMsg } from '@nats-io/jetstream';
import { readSaid, type Said } from './domain/said';
import type { TaughtSession } from './domain/taught-robot';
import type { IngestSettings } from './ingest-settings';
import { SampleNews } from './sample-news';
import { SampleWriter, type Sample } from './sample-writer';
import { STATE_CONSUMER } from './state-consumer';
import { TaughtSessions } from './taught-sessions';

interface Taken {
  readonly message: JsMsg;
  readonly said: Said;
  readonly session: TaughtSession | undefined;
}

const NS_PER_MS = 1e6;
/** Where dead letters say they come from. */
const CONSUMER = { name: 'teach-state', durable: STATE_CONSUMER };

/**
 * Samples in the order in which JetStream gave them: collected for a moment, written many at a time and one batch after the
 * other, acknowledged when they are committed.
 */
@Injectable()
export class SampleLine {
  readonly #waiting: JsMsg[] = [];
  readonly #stopping = stopController();
  #running: Promise<void> | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly sessions: TaughtSessions,
    private readonly writer: SampleWriter,
    private readonly nats: NatsConnection,
    private readonly news: SampleNews,
    @InjectConfig() private readonly config: IngestSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** What does not fit is not acknowledged either, and comes again: while the database is away, again and again. */
  add(message: JsMsg): void {
    if (this.#waiting.length >= this.config.INGEST_MAX_PENDING) return;
    this.#waiting.push(message);
    this.#running ??= this.run().finally(() => (this.#running = undefined));
  }

  /** What is begun is written; what waits goes to another replica at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    for (const message of this.#waiting.splice(0)) unlessClosed(() => message.nak());
  }

  /** One batch is read while the one before it is written, and told of while the next one is. */
  private async run(): Promise<void> {
    const { INGEST_BATCH: size, INGEST_LINGER_MS: linger } = this.config;
    const { signal } = this.#stopping;
    let writing: Promise<void> = Promise.resolve();
    while (this.#waiting.length > 0 && !signal.aborted) {
      if (this.#waiting.length < size) await sleep(linger, undefined, { signal }).catch(() => undefined);
      const taken = await this.read(this.#waiting.splice(0, size));
      await writing;
      writing = this.write(taken);
    }
    await writing;
    await this.#telling;
  }

  private async read(messages: readonly JsMsg[]): Promise<Taken[]> {
    const read: Omit<Taken, 'session'>[] = [];
    for (const message of messages) {
      const said = readSaid({
        subject: message.subject,
        seq: message.seq,
        storedAt: Number(message.timestampNanos) / NS_PER_MS,
        json: () => message.json(),
      });
      if (typeof said === 'string') await this.dead(message, said);
      else read.push({ message, said });
    }
    const sessions = await this.persist(read, () => this.sessions.of(read.map(({ said }) => said)));
    return sessions === undefined ? [] : read.map((one, index) => ({ ...one, session: sessions[index] }));
  }

  private async write(taken: readonly Taken[]): Promise<void> {
    const samples = taken.flatMap(({ said, session }) => (session ? [{ said, session }] : []));
    try {
      const written = await this.persist(taken, () => this.writer.write(samples));
      if (written !== undefined) this.settled(taken, written, taken.length - samples.length);
    } catch (error) {
      await this.divide(taken, error);
    }
  }

  /** However long the database is away. Undefined: the service stops, and the messages are given back. */
  private async persist<T>(
    of: readonly Pick<Taken, 'message'>[],
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    const { signal } = this.#stopping;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isOperational(error)) throw error;
        this.log.warn({ err: error, samples: of.length }, 'samples not written; trying again');
      }
      await sleep(this.config.INGEST_RETRY_MS, undefined, { signal }).catch(() => undefined);
      for (const { message } of of) unlessClosed(() => (signal.aborted ? message.nak() : message.working()));
      if (signal.aborted) return undefined;
    }
  }

  /** What the database refuses for good is found one by one. */
  private async divide(taken: readonly Taken[], error: unknown): Promise<void> {
    const [first, ...others] = taken;
    if (first === undefined) return;
    if (others.length === 0) {
      await this.dead(first.message, error instanceof Error ? error.message : String(error));
      return;
    }
    const half = Math.ceil(taken.length / 2);
    await this.write(taken.slice(0, half));
    await this.write(taken.slice(half));
  }

  /** Committed. The next batch goes to the database before this one is told of. */
  private settled(taken: readonly Taken[], written: readonly Sample[], untaught: number): void {
    this.#telling = new Promise((resolve) => {
      setImmediate(() => {
        for (const { message } of taken) unlessClosed(() => message.ack());
        this.news.tell(
          taken.map(({ said }) => said),
          written,
          untaught,
        );
        resolve();
      });
    });
  }

  private async dead(message: JsMsg, reason: string): Promise<void> {
    const { nats } = this;
    try {
      await nats.whileUp(() =>
        bury(message, new Error(reason), CONSUMER, { nats, service: 'teach-service' }),
      );
      this.news.dead();
      this.log.error({ subject: message.subject, reason }, 'what a robot said can never be taken');
    } catch (error) {
      this.log.warn({ err: error, subject: message.subject }, 'not dead-lettered; it comes again');
      unlessClosed(() => message.nak(this.config.INGEST_RETRY_MS));
    }
  }
}
