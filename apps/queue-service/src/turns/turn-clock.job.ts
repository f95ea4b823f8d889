import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Outbox } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { Logger, LOGGER } from '@teleop/service-kit';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import { TurnsRepository } from './turns.repository';

/**
 * Ends turns when their time is up. Every replica looks at the database every TURN_CLOCK_MS and, when the next end is
 * nearer than that, at that very moment: so a turn ends on time whichever replicas are alive, and who ends it first is
 * settled by the row lock. Times come from the database's clock alone.
 */
@Injectable()
export class TurnClock implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly turns: TurnsRepository,
    private readonly outbox: Outbox<'queue-service'>,
    @Inject(QUEUE_CONFIG) private readonly config: QueueConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  private schedule(afterMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.look().then(
        (nextMs) => this.schedule(nextMs),
        (error: unknown) => {
          this.log.warn({ err: error }, 'turn clock: will look again');
          this.schedule(this.config.TURN_CLOCK_MS);
        },
      );
    }, afterMs);
  }

  /** Ends what is due and returns the milliseconds to sleep. */
  private async look(): Promise<number> {
    const due = await this.turns.due(this.database);
    for (const robotId of due) {
      if (!(await this.turns.expire(this.database, robotId))) continue;
      this.outbox.poke();
      this.log.info({ robotId }, 'turn ended: its time was up');
    }
    const nextMs = await this.turns.nextDueMs(this.database);
    return Math.max(1, Math.min(this.config.TURN_CLOCK_MS, Math.ceil(nextMs ?? Infinity)));
  }
}
