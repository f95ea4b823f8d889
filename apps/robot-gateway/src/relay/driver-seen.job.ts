import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { ReportSilence } from '../turns/report-silence';
import { DRIVER_SEEN } from '../turns/sql/driver-seen.sql';
import { Relays } from './relays';

/** Rounds of writing that must have worked before the writings of others are believed to be fresh. */
const FRESH_ROUNDS = 4;

/**
 * Writes down when each driver here was last heard, so that his silence can be counted by others when this process
 * dies; and counts it for the drivers of processes that did.
 */
@Injectable()
export class DriverSeenJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #goodRounds = 0;

  constructor(
    private readonly relays: Relays,
    private readonly database: Database,
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

  private async writeSeen(): Promise<void> {
    const now = this.relays.ports.now();
    const seats = [...this.relays.all()].flatMap(({ robotId, seat }) =>
      seat === undefined ? [] : [{ robotId, turn: seat.turn.turn, ageMs: now - seat.lastFrameAt }],
    );
    if (seats.length === 0) return;
    await this.database.query(DRIVER_SEEN, [
      seats.map(({ robotId }) => robotId),
      seats.map(({ turn }) => turn),
      seats.map(({ ageMs }) => ageMs),
    ]);
  }
}
