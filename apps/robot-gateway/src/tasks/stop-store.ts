import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { READ_STOPS, SETTLE_STOPS, STOPS_SENT, TRY_STOPS } from './sql/stops.sql';

/** A CANCEL that its robot has not confirmed. Times in milliseconds, as in `PendingStop`. */
export interface OpenStop {
  readonly taskId: string;
  readonly commandId: string;
  readonly sinceMs: number;
  readonly triedMs: number | undefined;
  readonly sentMs: number | undefined;
}

interface StopRow {
  readonly task_id: string;
  readonly stop_command_id: string;
  readonly since_ms: number;
  readonly tried_ms: number | null;
  readonly sent_ms: number | null;
}

@Injectable()
export class StopStore {
  constructor(private readonly database: Database) {}

  async of(robotId: string, tx: Tx = this.database): Promise<OpenStop[]> {
    return (await tx.query<StopRow>(READ_STOPS, [robotId])).map((row) => ({
      taskId: row.task_id,
      commandId: row.stop_command_id,
      sinceMs: row.since_ms,
      triedMs: row.tried_ms ?? undefined,
      sentMs: row.sent_ms ?? undefined,
    }));
  }

  async trying(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await tx.query(TRY_STOPS, [ids]);
  }

  async sent(ids: readonly string[]): Promise<void> {
    await this.database.query(STOPS_SENT, [ids]);
  }

  /** Those that were open. */
  async settle(ids: readonly string[], tx: Tx = this.database): Promise<{ robotId: string }[]> {
    if (ids.length === 0) return [];
    const rows = await tx.query<{ robot_id: string }>(SETTLE_STOPS, [ids]);
    return rows.map((row) => ({ robotId: row.robot_id }));
  }
}
