import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { NatsConnection } from '@teleop/messaging';
import { InjectConfig, LOGGER, Logger, stopController } from '@teleop/service-kit';
import type { ConsumerMessages } from '@nats-io/jetstream';
import type { IngestSettings } from './ingest-settings';
import { pullStates } from './state-consumer';
import { SampleLine } from './sample-line';

/** Keeps pulling what robots say, through every outage. */
@Injectable()
export class IngestJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stopping = stopController();
  #messages: ConsumerMessages | undefined;
  #done: Promise<void> = Promise.resolve();
  #troubled = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly line: SampleLine,
    @InjectConfig() private readonly config: IngestSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#done = this.run();
  }

  /** What is begun is written and acknowledged; what waits goes to another replica at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    this.#messages?.stop();
    await this.#done;
    await this.line.stop();
  }

  private async run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (this.nats.connected) await this.pull();
      } catch (error) {
        // An outage is said once, not at every attempt.
        if (!this.#troubled && !signal.aborted)
          this.log.warn({ err: error }, 'ingest interrupted; it keeps trying');
        this.#troubled = true;
      }
      await sleep(this.config.INGEST_RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async pull(): Promise<void> {
    const messages = await pullStates(this.nats, this.config, (message) => this.line.add(message));
    this.#messages = messages;
    if (this.#troubled) this.log.info({}, 'ingest works again');
    this.#troubled = false;
    if (this.#stopping.signal.aborted) messages.stop();
    const failure = await messages.closed();
    if (failure) throw failure;
  }
}
