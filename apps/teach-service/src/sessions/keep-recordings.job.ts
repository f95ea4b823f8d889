import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectConfig, LOGGER, Logger, Metrics, RepeatingJob } from '@teleop/service-kit';
import { Recordings } from './recordings';
import type { SessionSettings } from './session-settings';

/** Looks after the recordings of this replica, again and again, and hands them on when it stops. */
@Injectable()
export class KeepRecordingsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;

  constructor(
    private readonly recordings: Recordings,
    metrics: Metrics,
    @InjectConfig() config: SessionSettings,
    @Inject(LOGGER) log: Logger,
  ) {
    this.#job = new RepeatingJob('keep-recordings', config.TEACH_KEEP_MS, () => recordings.look(), log);
    metrics.observed('teach_recordings_kept', 'Recordings that this replica keeps', () => recordings.count);
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.stop();
    await this.recordings.letGo();
  }
}
