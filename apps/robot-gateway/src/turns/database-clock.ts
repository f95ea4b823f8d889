import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Clock, LOGGER, Logger } from '@teleop/service-kit';

const REFRESH_MS = 30_000;

/**
 * Places moments of the database's clock on this process's monotonic one. Turns are timed by the database; this
 * machine's wall clock may be wrong, or jump, without a driver being cut off early or late.
 */
@Injectable()
export class DatabaseClock implements OnApplicationBootstrap, OnModuleDestroy {
  // Until the first look, the machine's own clock is the best guess.
  #offset: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#offset = clock.now() - clock.monotonic();
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** The monotonic millisecond at which the database's clock will show the moment. */
  deadline(iso: string): number {
    return Date.parse(iso) - this.#offset;
  }

  private async refresh(): Promise<void> {
    try {
      const skew = await this.database.clockSkewMs();
      this.#offset = this.clock.now() + skew - this.clock.monotonic();
    } catch (error) {
      this.log.warn({ err: error }, 'database clock not read; the last reading stands');
    }
  }
}
