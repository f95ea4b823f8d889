import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { CALLBACK_FAILED } from './sql/callback-failed.sql';
import { CALLBACK_TAKEN } from './sql/callback-taken.sql';
import { NEXT_CALLBACK } from './sql/next-callback.sql';

export interface PendingCallback {
  readonly seq: string;
  readonly id: string;
  /** A recognition; false: a status of the session. */
  readonly isRecognition: boolean;
  readonly payload: object;
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
    }>(NEXT_CALLBACK, [sessionId, owner]);
    return row && { seq: row.seq, id: row.id, isRecognition: row.user_id !== null, payload: row.payload };
  }

  /** May be called twice. */
  async taken(seq: string): Promise<void> {
    await this.database.query(CALLBACK_TAKEN, [seq]);
  }

  /** Failures since the last success, and how long they have gone on; undefined: the session is over. */
  async failed(sessionId: string): Promise<{ failures: number; failingMs: number } | undefined> {
    const row = await this.database.maybe<{ failures: number; failing_ms: number }>(CALLBACK_FAILED, [
      sessionId,
    ]);
    return row && { failures: row.failures, failingMs: row.failing_ms };
  }
}
