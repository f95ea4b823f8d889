import { Inject, Injectable } from '@nestjs/common';
import { driverInactive } from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { Clock, LOGGER, Logger, Metrics } from '@teleop/service-kit';
import { REPORT_ORPHANS } from './sql/report-orphans.sql';
import { REPORT_SILENT } from './sql/report-silent.sql';

export interface Silence {
  readonly robotId: string;
  readonly turn: number;
  /** Of the seat that fell silent. */
  readonly epoch: number;
  readonly silentMs: number;
}

/** Milliseconds before a report that failed is tried again. */
const RETRY_MS = 1_000;

/** Tells queue-service that a driver fell silent: once per turn, in the outbox, so that it is said even if NATS is away. */
@Injectable()
export class ReportSilence {
  /** Turn last reported of each robot, or when to try again. */
  readonly #done = new Map<string, { turn: number; retryAt: number }>();
  readonly #reported;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox<'robot-gateway'>,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.#reported = metrics.counter('robot_driver_silences_total', 'Drivers reported inactive');
  }

  /** May be called at every tick while the silence lasts. */
  report(silence: Silence): void {
    const done = this.#done.get(silence.robotId);
    if (done?.turn === silence.turn && this.clock.monotonic() < done.retryAt) return;
    this.#done.set(silence.robotId, { turn: silence.turn, retryAt: Infinity });
    this.write(silence).catch((error: unknown) => {
      this.log.warn({ err: error, robotId: silence.robotId }, 'silence not recorded; trying again');
      this.#done.set(silence.robotId, { turn: silence.turn, retryAt: this.clock.monotonic() + RETRY_MS });
    });
  }

  /** Turns whose driver was at a process that died: nobody else counts their silence. */
  async reportOrphans(silentForMs: number): Promise<void> {
    const found = await this.database.transaction(async (tx) => {
      const rows = await tx.query<{ robot_id: string; token_hash: string; silent_ms: number }>(
        REPORT_ORPHANS,
        [silentForMs],
      );
      for (const row of rows) {
        const silentMs = Math.round(row.silent_ms);
        await this.outbox.append(tx, driverInactive, {
          robotId: row.robot_id,
          tokenHash: row.token_hash,
          silentMs,
        });
      }
      return rows.length;
    });
    if (found === 0) return;
    this.outbox.poke();
    this.#reported.inc(found);
  }

  private async write({ robotId, turn, epoch, silentMs }: Silence): Promise<void> {
    const told = await this.database.transaction(async (tx) => {
      const row = await tx.maybe<{ token_hash: string }>(REPORT_SILENT, [robotId, turn, epoch]);
      if (row === undefined) return false;
      await this.outbox.append(tx, driverInactive, {
        robotId,
        tokenHash: row.token_hash,
        silentMs: Math.round(silentMs),
      });
      return true;
    });
    if (!told) return;
    this.outbox.poke();
    this.#reported.inc();
    this.log.info({ robotId, turn, silentMs: Math.round(silentMs) }, 'driver fell silent');
  }
}
