import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Outbox } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { Logger, LOGGER, RepeatingJob } from '@teleop/service-kit';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import { IdempotentPosts } from '../idempotency/idempotent-posts';
import { SWEEP_ROBOTS } from './sweep.sql';
import { TurnsRepository } from './turns.repository';

/**
 * The source's 10 s sweep: notes that each robot was looked at, ends turns whose time is long up, and gives robots that
 * stand free while people wait to the first in line. Everything it does is done sooner elsewhere when all is well.
 */
@Injectable()
export class Sweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;

  constructor(
    private readonly database: Database,
    private readonly turns: TurnsRepository,
    private readonly idempotent: IdempotentPosts,
    private readonly outbox: Outbox<'queue-service'>,
    @Inject(QUEUE_CONFIG) private readonly config: QueueConfig,
    @Inject(LOGGER) log: Logger,
  ) {
    this.#job = new RepeatingJob('sweep', config.SWEEP_SECONDS * 1_000, () => this.sweep(), log);
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.stop();
  }

  private async sweep(): Promise<void> {
    const robots = await this.database.query<{ robot_id: string; stands_free: boolean }>(SWEEP_ROBOTS);
    for (const { robot_id, stands_free } of robots) {
      const changed =
        (await this.turns.expire(this.database, robot_id)) ||
        (stands_free && (await this.turns.promote(this.database, robot_id)));
      if (changed) this.outbox.poke();
    }
    await this.idempotent.forget(this.config.IDEMPOTENCY_DAYS);
  }
}
