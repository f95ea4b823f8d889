import { deadLetterSubject, isOperational, type ServiceName, type StreamName } from '@teleop/contracts';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '../connection/nats-connection';
import type { MessagingLog, MessagingObserver } from '../ports';

export interface WatchedConsumer {
  readonly name: string;
  readonly durable: string;
  readonly stream: StreamName;
}

const NOT_THERE: readonly string[] = ['StreamNotFoundError', 'ConsumerNotFoundError'];

/**
 * Measures from time to time what JetStream holds for each of the service's consumers, and what they gave up. Every replica
 * says the same numbers: they are the service's, not its own.
 */
export class ConsumerWatch {
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly service: ServiceName,
    private readonly consumers: readonly WatchedConsumer[],
    private readonly nats: NatsConnection,
    private readonly observer: MessagingObserver,
    private readonly log: MessagingLog,
    private readonly everyMs: number,
  ) {}

  start(): void {
    if (this.observer.consumerPending !== undefined && this.consumers.length > 0) this.next();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#look;
  }

  private next(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#look = this.look().then(() => this.next());
    }, this.everyMs);
    this.#timer.unref();
  }

  private async look(): Promise<void> {
    try {
      const manager = await this.nats.manager();
      await this.nats.whileUp(async () => {
        for (const consumer of this.consumers) await this.measure(manager, consumer);
        await this.countDead(manager);
      });
    } catch (error) {
      // That NATS is away is known to readiness; the last figures stay until it is back.
      if (!isOperational(error)) this.log.error({ err: error }, 'the consumers could not be measured');
    }
  }

  private async measure(
    manager: JetStreamManager,
    { name, durable, stream }: WatchedConsumer,
  ): Promise<void> {
    const info = await unlessGone(() => manager.consumers.info(stream, durable));
    if (info !== undefined) this.observer.consumerPending?.(name, info.num_pending + info.num_ack_pending);
  }

  /** A consumer whose last dead letter was replayed goes back to none. */
  private async countDead(manager: JetStreamManager): Promise<void> {
    const subjectOf = (name: string) => deadLetterSubject(this.service, name);
    const options = { subjects_filter: subjectOf('>') };
    const info = await unlessGone(() => manager.streams.info('DEAD_LETTERS', options));
    for (const { name } of this.consumers) {
      this.observer.deadLetters?.(name, info?.state.subjects?.[subjectOf(name)] ?? 0);
    }
  }
}

/** Undefined while it has not been made yet, or was wiped. */
async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (NOT_THERE.includes((error as Error).name)) return undefined;
    throw error;
  }
}
