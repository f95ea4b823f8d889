import { Inject, Injectable } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { LeaseBook } from '../lease/lease-book';
import { Relays } from '../relay/relays';
import { ManualDriver, type Driver } from './manual-driver';
import { TakeRobot } from './take-robot';

/** Milliseconds between complaints that a lease could not be taken: drivers ask 50 times a second. */
const COMPLAIN_MS = 5_000;

/** Everybody who drives by hand through this replica; one for each person, robot and role. */
@Injectable()
export class ManualDrivers {
  readonly #drivers = new Map<string, ManualDriver>();
  #complainedAt = -Infinity;

  constructor(
    private readonly relays: Relays,
    private readonly leases: LeaseBook,
    private readonly hands: TakeRobot,
    private readonly fleet: Fleet,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** One more socket of this person's. `leave` is called once when it closes. */
  join(robotId: string, driver: Driver): { driver: ManualDriver; leave: (drove: boolean) => void } {
    const key = `${robotId}/${driver.userId}/${driver.role}`;
    const manual = this.#drivers.get(key) ?? this.make(robotId, driver);
    this.#drivers.set(key, manual);
    manual.sockets += 1;
    const leave = (drove: boolean) => {
      manual.sockets -= 1;
      if (manual.sockets === 0) this.#drivers.delete(key);
      manual.socketClosed(drove);
    };
    return { driver: manual, leave };
  }

  private make(robotId: string, driver: Driver): ManualDriver {
    const { userId } = driver;
    return new ManualDriver(driver, {
      relay: () => this.relays.of(robotId),
      leaseOf: () => this.leases.of(robotId),
      limits: () => this.limitsOf(robotId),
      reclaim: () => this.hands.reclaim(robotId, userId),
      preempt: () => this.hands.preempt(robotId, driver),
      goOn: () => this.hands.goOn(robotId, userId),
      failed: (error) => this.complain(robotId, error),
      preemptionMs: this.config.PREEMPTION_MS,
    });
  }

  private limitsOf(robotId: string): { linear: number; angular: number } {
    const { maxLinearVelocity, maxAngularVelocity } = this.fleet.find(robotId)?.limits ?? {};
    return {
      linear: maxLinearVelocity ?? this.config.DRIVE_MAX_LINEAR_MM_S / 1_000,
      angular: maxAngularVelocity ?? this.config.DRIVE_MAX_ANGULAR_MRAD_S / 1_000,
    };
  }

  private complain(robotId: string, error: unknown): void {
    const now = this.clock.monotonic();
    if (now - this.#complainedAt < COMPLAIN_MS) return;
    this.#complainedAt = now;
    this.log.warn({ err: error, robotId }, 'a robot’s lease could not be taken; his next frame tries again');
  }
}
