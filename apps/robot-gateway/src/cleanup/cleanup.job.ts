import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectConfig, LOGGER, Logger, RepeatingJob } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { RouteBook } from '../routes/route-book';
import { RouteQueue } from '../routes/route-queue';
import { LiveRobots } from '../telemetry/live-robots';
import { EndExpired } from './end-expired';
import { ForgetOld } from './forget-old';
import { GiveUpStale } from './give-up-stale';

/**
 * The safety net under everything timed, on every replica: locks that ran out, robots that fell silent, what a process
 * that died left undone, queues that nobody moved on.
 */
@Injectable()
export class CleanupJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;

  constructor(
    private readonly expired: EndExpired,
    private readonly stale: GiveUpStale,
    private readonly old: ForgetOld,
    private readonly outlines: RouteBook,
    private readonly queue: RouteQueue,
    private readonly live: LiveRobots,
    @InjectConfig() config: RobotsConfig,
    @Inject(LOGGER) log: Logger,
  ) {
    this.#job = new RepeatingJob('robot cleanup', config.ROBOT_CLEANUP_MS, () => this.run(), log);
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.stop();
  }

  /** One after the other: there may be thousands, and people wait for the same connections. */
  private async moveQueues(): Promise<void> {
    for (const robotId of [...this.outlines.robotIds()]) {
      const state = this.live.stateOf(robotId);
      if (state !== undefined && this.queue.concerns(robotId, state)) await this.queue.advance(robotId);
    }
  }

  private async run(): Promise<void> {
    await this.expired.run();
    await this.stale.run();
    await this.moveQueues();
    await this.old.run();
  }
}
