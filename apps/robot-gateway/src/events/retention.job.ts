import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { EventStore } from './event-store';

/** Deletes events that are older than they are kept, a small batch at a time. Any number of replicas may do it at once. */
@Injectable()
export class EventRetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly store: EventStore,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.sweep().finally(() => (this.#running = undefined));
    }, this.config.ROBOT_RETENTION_SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  private async sweep(): Promise<void> {
    try {
      while (!this.#stopped && (await this.store.forget(this.config.ROBOT_RETENTION_DAYS)));
    } catch (error) {
      this.log.warn({ err: error }, 'old events not deleted; the next sweep goes on');
    }
  }
}
