import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Logger, LOGGER, RepeatingJob } from '@teleop/service-kit';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import { BOARDS } from './boards';
import { Leaderboards } from './leaderboards';

/** Rebuilds the boards now and then. Replicas do it one after the other; the later ones find little to change. */
@Injectable()
export class LeaderboardRefresh implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob | undefined;

  constructor(
    leaderboards: Leaderboards,
    @Inject(QUEUE_CONFIG) config: QueueConfig,
    @Inject(LOGGER) log: Logger,
  ) {
    const everyMs = config.LEADERBOARD_REFRESH_SECONDS * 1_000;
    if (everyMs === 0) return;
    const work = async () => {
      for (const board of Object.values(BOARDS)) await leaderboards.rebuild(board);
    };
    this.#job = new RepeatingJob('leaderboard-refresh', everyMs, work, log);
  }

  onApplicationBootstrap(): void {
    this.#job?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job?.stop();
  }
}
