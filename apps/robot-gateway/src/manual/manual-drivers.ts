import { Inject, Injectable } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { LeaseBook } from '../lease/lease-book';
import { FloodGate } from '../relay/flood-gate';
import { Relays } from '../relay/relays';
import { closeWire, CLOSED, type Wire } from '../relay/wire';
import { ManualDriver, type Driver } from './manual-driver';
import { TakeRobot } from './take-robot';

/** Milliseconds between complaints that a lease could not be taken: drivers ask 50 times a second. */
const COMPLAIN_MS = 5_000;

/** One person at one robot, by however many sockets; his frames are counted together. */
interface Person {
  readonly driver: ManualDriver;
  readonly gate: FloodGate;
  /** Oldest first. */
  readonly sockets: Set<Wire>;
}

/** Everybody who drives by hand through this replica; one for each person, robot and role. */
@Injectable()
export class ManualDrivers {
  readonly #people = new Map<string, Person>();
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
  join(
    robotId: string,
    driver: Driver,
    wire: Wire,
  ): Pick<Person, 'driver' | 'gate'> & { leave: (drove: boolean) => void } {
    const key = `${robotId}/${driver.userId}/${driver.role}`;
    const person = this.#people.get(key) ?? this.make(robotId, driver);
    this.#people.set(key, person);
    person.sockets.add(wire);
    person.driver.sockets += 1;
    const [oldest] = person.sockets;
    if (person.sockets.size > this.config.MANUAL_MAX_SOCKETS && oldest !== undefined) {
      person.sockets.delete(oldest);
      closeWire(oldest, CLOSED.replaced);
    }
    const leave = (drove: boolean) => {
      person.sockets.delete(wire);
      person.driver.sockets -= 1;
      if (person.driver.sockets === 0) this.#people.delete(key);
      person.driver.socketClosed(drove);
    };
    return { driver: person.driver, gate: person.gate, leave };
  }

  private make(robotId: string, driver: Driver): Person {
    const { MANUAL_MAX_FRAMES_PER_S: rate, DRIVE_FLOOD_FRAMES_PER_S: flood } = this.config;
    return {
      driver: this.driverOf(robotId, driver),
      gate: new FloodGate(rate, flood),
      sockets: new Set(),
    };
  }

  private driverOf(robotId: string, driver: Driver): ManualDriver {
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
