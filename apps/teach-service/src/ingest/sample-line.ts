import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { isOperational, teachSampleFeed } from '@teleop/contracts';
import { bury, Feeds, NatsConnection, unlessClosed } from '@teleop/messaging';
import { Clock, InjectConfig, LOGGER, Logger, Metrics, stopController } from '@teleop/service-kit';
import type { JsMsg } from '@nats-io/jetstream';
import { readSaid, type Said } from './domain/said';
import type { IngestSettings } from './ingest-settings';
import { SampleWriter, type Written } from './sample-writer';

interface Taken {
  readonly message: JsMsg;
  readonly said: Said;
}

const NS_PER_MS = 1e6;
const LAG_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Where dead letters say they come from. */
const CONSUMER = { name: 'teach-state', durable: 'teach-service__teach-state' };

/**
 * Samples in the order in which JetStream gave them: collected for a moment, written many at a time and one batch after the
 * other, acknowledged when they are committed.
 */
@Injectable()
export class SampleLine {
  readonly #waiting: JsMsg[] = [];
  readonly #stopping = stopController();
  readonly #counted;
  readonly #lag;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly writer: SampleWriter,
    private readonly nats: NatsConnection,
    private readonly feeds: Feeds<'teach-service'>,
    private readonly clock: Clock,
    metrics: Metrics,
    @InjectConfig() private readonly config: IngestSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#counted = metrics.counter('teach_samples_total', 'Samples of robots that are taught', ['outcome']);
    this.#lag = metrics.histogram(
      'teach_sample_commit_lag_seconds',
      'From JetStream’s storing of a sample to its commit here',
      LAG_BUCKETS,
    );
  }

  /** What does not fit is not acknowledged either, and comes again: while the database is away, again and again. */
  add(message: JsMsg): void {
    if (this.#waiting.length >= this.config.INGEST_MAX_PENDING) return;
    this.#waiting.push(message);
    this.#writing ??= this.run().finally(() => (this.#writing = undefined));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#writing;
    for (const message of this.#waiting.splice(0)) unlessClosed(() => message.nak());
  }

  private async run(): Promise<void> {
    const { INGEST_BATCH: size, INGEST_LINGER_MS: linger } = this.config;
    const { signal } = this.#stopping;
    while (this.#waiting.length > 0 && !signal.aborted) {
      if (this.#waiting.length < size) await sleep(linger, undefined, { signal }).catch(() => undefined);
      await this.settle(this.#waiting.splice(0, size));
    }
  }

  private async settle(messages: readonly JsMsg[]): Promise<void> {
    const taken: Taken[] = [];
    for (const message of messages) {
      const said = readSaid({
        subject: message.subject,
        seq: message.seq,
        storedAt: Number(message.timestampNanos) / NS_PER_MS,
        json: () => message.json(),
      });
      if (typeof said === 'string') await this.dead(message, said);
      else taken.push({ message, said });
    }
    await this.write(taken);
  }

  /** Until it is written, however long the database is away; what it refuses for good is found one by one. */
  private async write(taken: readonly Taken[]): Promise<void> {
    while (taken.length > 0) {
      try {
        this.written(taken, await this.writer.write(taken.map(({ said }) => said)));
        return;
      } catch (error) {
        if (!isOperational(error)) return this.divide(taken, error);
        this.log.warn({ err: error, samples: taken.length }, 'samples not written; trying again');
      }
      const { signal } = this.#stopping;
      await sleep(this.config.INGEST_RETRY_MS, undefined, { signal }).catch(() => undefined);
      for (const { message } of taken)
        unlessClosed(() => (signal.aborted ? message.nak() : message.working()));
      if (signal.aborted) return;
    }
  }

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

  private written(taken: readonly Taken[], { written, untaught }: Written): void {
    for (const { message } of taken) unlessClosed(() => message.ack());
    this.#counted.inc({ outcome: 'written' }, written.length);
    this.#counted.inc({ outcome: 'untaught' }, untaught);
    this.#counted.inc({ outcome: 'repeated' }, taken.length - written.length - untaught);
    const now = this.clock.now();
    for (const { said } of taken) this.#lag.observe(Math.max(0, now - said.storedAt) / 1_000);
    for (const { said, session } of written)
      this.feeds.publish(teachSampleFeed, {
        teachSessionId: session.sessionId,
        robotId: said.robotId,
        payload: { ...said.payload },
      });
  }

  private async dead(message: JsMsg, reason: string): Promise<void> {
    const { nats } = this;
    try {
      await nats.whileUp(() =>
        bury(message, new Error(reason), CONSUMER, { nats, service: 'teach-service' }),
      );
      this.#counted.inc({ outcome: 'dead' });
      this.log.error({ subject: message.subject, reason }, 'what a robot said can never be taken');
    } catch (error) {
      this.log.warn({ err: error, subject: message.subject }, 'not dead-lettered; it comes again');
      unlessClosed(() => message.nak(this.config.INGEST_RETRY_MS));
    }
  }
}
