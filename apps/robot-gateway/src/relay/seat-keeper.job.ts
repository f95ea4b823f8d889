import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { LeaseStore } from '../lease/lease-store';
import { ReportSilence } from '../turns/report-silence';
import { DRIVER_SEEN } from '../turns/sql/driver-seen.sql';
import { DriverSeat } from './driver-seat';
import { Relays } from './relays';

/** Rounds of writing that must have worked before the writings of others are believed to be fresh. */
const FRESH_ROUNDS = 4;

/**
 * Keeps the seats here in step with the database. Writes down when each driver was last heard, so that others can count
 * his silence when this process dies, and counts it for the drivers of processes that did; and closes a seat whose lease
 * somebody else has taken, should his announcement have been lost between the replicas.
 */
@Injectable()
export class SeatKeeperJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #goodRounds = 0;
  /** Epochs newer than the seat's, as seen in the last round. */
  #overtaking = new Map<string, number>();

  constructor(
    private readonly relays: Relays,
    private readonly database: Database,
    private readonly leases: LeaseStore,
    private readonly silence: ReportSilence,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.round(), this.config.DRIVER_SEEN_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  private async round(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      await this.writeSeen();
      await this.compareEpochs();
      this.#goodRounds += 1;
      // While the database was away nobody could write: right after, everybody looks silent.
      const { DRIVER_INACTIVE_MS, DRIVER_SEEN_MS } = this.config;
      if (this.#goodRounds > FRESH_ROUNDS) {
        await this.silence.reportOrphans(DRIVER_INACTIVE_MS + FRESH_ROUNDS * DRIVER_SEEN_MS);
      }
    } catch (error) {
      this.#goodRounds = 0;
      this.log.warn({ err: error }, 'drivers’ last frames not written down; trying again');
    } finally {
      this.#running = false;
    }
  }

  /** Seen twice in a row, because whoever takes a lease says so himself a moment later. */
  private async compareEpochs(): Promise<void> {
    const seated = [...this.relays.all()].filter(({ seat }) => seat !== undefined);
    const before = this.#overtaking;
    this.#overtaking = new Map();
    if (seated.length === 0) return;
    for (const [robotId, epoch] of await this.leases.epochs(seated.map(({ robotId: id }) => id))) {
      const relay = this.relays.find(robotId);
      if (relay?.seat === undefined || relay.seat.epoch >= epoch) continue;
      if (before.get(robotId) === epoch) relay.overtaken(epoch);
      else this.#overtaking.set(robotId, epoch);
    }
  }

  private async writeSeen(): Promise<void> {
    const now = this.relays.ports.now();
    const seats = [...this.relays.all()].flatMap(({ robotId, seat }) =>
      seat instanceof DriverSeat ? [{ robotId, turn: seat.turn.turn, ageMs: now - seat.lastFrameAt }] : [],
    );
    if (seats.length === 0) return;
    await this.database.query(DRIVER_SEEN, [
      seats.map(({ robotId }) => robotId),
      seats.map(({ turn }) => turn),
      seats.map(({ ageMs }) => ageMs),
    ]);
  }
}
