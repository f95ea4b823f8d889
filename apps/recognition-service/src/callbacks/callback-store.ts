import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { CALLBACK_FAILED } from './sql/callback-failed.sql';
import { CALLBACK_TAKEN } from './sql/callback-taken.sql';
import { NEXT_CALLBACK } from './sql/next-callback.sql';

export interface PendingCallback {
  readonly seq: string;
  readonly id: string;
  /** Of a recognition; null: a status of the session. */
  readonly userId: string | null;
  readonly payload: object;
  /** Milliseconds since the backend last took one; 0: none has failed since. */
  readonly failingMs: number;
}

@Injectable()
export class CallbackStore {
  constructor(private readonly database: Database) {}

  async next(sessionId: string, owner: string): Promise<PendingCallback | undefined> {
    const row = await this.database.maybe<{
      seq: string;
      id: string;
      user_id: string | null;
      payload: object;
      failing_ms: number;
    }>(NEXT_CALLBACK, [sessionId, owner]);
    if (row === undefined) return undefined;
    return { seq: row.seq, id: row.id, userId: row.user_id, payload: row.payload, failingMs: row.failing_ms };
  }

  /** May be called twice. */
  async taken(sessionId: string, { seq, userId }: PendingCallback): Promise<void> {
    await this.database.query(CALLBACK_TAKEN, [seq, sessionId, userId]);
  }

  /**
   * Failures since the last success, and how long they have gone on; undefined: the session is over. `triedForMs`:
   * since the first attempt of the callback that failed.
   */
  async failed(
    sessionId: string,
    triedForMs: number,
  ): Promise<{ failures: number; failingMs: number } | undefined> {
    const row = await this.database.maybe<{ failures: number; failing_ms: number }>(CALLBACK_FAILED, [
      sessionId,
      triedForMs,
    ]);
    return row && { failures: row.failures, failingMs: row.failing_ms };
  }
}
