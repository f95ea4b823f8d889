import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Logger, LOGGER, Metrics, RepeatingJob } from '@teleop/service-kit';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import { QUEUE_FIGURES } from './queue-figures.sql';

interface Figures {
  readonly waiting: number;
  readonly active: number;
  readonly longest: number;
  readonly oldest_wait_seconds: number;
  readonly median_wait_seconds: number;
  readonly p95_wait_seconds: number;
  readonly overdue_seconds: number;
  readonly standing_free: number;
}

/** How long people wait, and whether turns change hands. From the database: every replica says the same. */
@Injectable()
export class QueueMetrics implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;
  readonly #show: (figures: Figures) => void;

  constructor(
    private readonly database: Database,
    @Inject(QUEUE_CONFIG) private readonly config: QueueConfig,
    metrics: Metrics,
    @Inject(LOGGER) log: Logger,
  ) {
    const waiting = metrics.gauge('queue_waiting_users', 'People in line, over all robots');
    const active = metrics.gauge('queue_active_turns', 'Turns that run');
    const longest = metrics.gauge('queue_longest_users', 'People in the longest line');
    const oldest = metrics.gauge(
      'queue_oldest_wait_seconds',
      'How long the one who waits longest has waited',
    );
    const wait = metrics.gauge('queue_wait_seconds', 'How long those who drive now had waited', ['quantile']);
    const overdue = metrics.gauge(
      'queue_turn_overdue_seconds',
      'By how much the latest turn is over its time',
    );
    const free = metrics.gauge(
      'queue_robots_standing_free',
      'Robots nobody drives while people wait for them',
    );
    this.#show = (figures) => {
      waiting.set(figures.waiting);
      active.set(figures.active);
      longest.set(figures.longest);
      oldest.set(figures.oldest_wait_seconds);
      wait.set({ quantile: '0.5' }, figures.median_wait_seconds);
      wait.set({ quantile: '0.95' }, figures.p95_wait_seconds);
      overdue.set(figures.overdue_seconds);
      free.set(figures.standing_free);
    };
    this.#job = new RepeatingJob('queue figures', config.QUEUE_METRICS_MS, () => this.look(), log);
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.stop();
  }

  private async look(): Promise<void> {
    this.#show(await this.database.one<Figures>(QUEUE_FIGURES, [this.config.SESSION_SECONDS]));
  }
}
