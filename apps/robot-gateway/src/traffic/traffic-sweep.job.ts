import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { ChangeTraffic } from './change-traffic';
import { Traffic } from './traffic';
import { TrafficLockStore } from './traffic-lock-store';
import type { TrafficConfig } from './traffic-settings';

const FORGET_EVERY_MS = 3_600_000;

/**
 * Writes off the traffic locks that nobody renewed (whichever replica looks first), gives teach locks their lease again when
 * an Admin's hand is gone, and notices what other replicas freed when their hint was lost.
 */
@Injectable()
export class TrafficSweepJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #freedAt: string | null = null;
  #forgetAt = 0;

  constructor(
    private readonly store: TrafficLockStore,
    private readonly change: ChangeTraffic,
    private readonly traffic: Traffic,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: TrafficConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.round(), this.config.TRAFFIC_SWEEP_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  private async round(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      const { overdue, freedAt, adrift } = await this.store.look();
      if (overdue) await this.change.expire();
      for (const lockId of adrift) await this.change.mend(lockId);
      if (freedAt !== this.#freedAt) this.traffic.wake();
      this.#freedAt = freedAt;
      if (this.clock.monotonic() >= this.#forgetAt) {
        await this.store.forget(this.config.TRAFFIC_KEEP_DAYS);
        this.#forgetAt = this.clock.monotonic() + FORGET_EVERY_MS;
      }
    } catch (error) {
      this.log.warn({ err: error }, 'traffic locks not swept; trying again');
    } finally {
      this.#running = false;
    }
  }
}
