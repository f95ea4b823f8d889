import { Injectable } from '@nestjs/common';
import type { ControlHistoryAnswer, SessionStatusBody } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { refusal } from '../turns/codes';
import { Callers } from '../users/callers';
import { CONTROL_HISTORY, SESSION_ROW } from './sessions.sql';

interface HistoryRow {
  readonly robot_id: string;
  readonly issued_at: Date;
  readonly controlled_end_time: Date | null;
  readonly controlled_hours: number | null;
  readonly reward_points: number;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;
const round4 = (hours: number) => Math.round(hours * 10_000) / 10_000;

/** A user's sessions and what they earned. */
@Injectable()
export class ReadSessions {
  constructor(
    private readonly database: Database,
    private readonly callers: Callers,
  ) {}

  async history(userId: string, authorization: string | undefined): Promise<ControlHistoryAnswer> {
    await this.callers.require(authorization, userId);
    const rows = await this.database.query<HistoryRow>(CONTROL_HISTORY, [userId]);
    return {
      sessions: rows.map((row) => ({
        robot_id: row.robot_id,
        issued_at: row.issued_at.toISOString(),
        controlled_end_time: iso(row.controlled_end_time),
        controlled_hours: row.controlled_hours,
        reward_points: row.reward_points,
      })),
      total_controlled_hours: round4(rows.reduce((sum, row) => sum + (row.controlled_hours ?? 0), 0)),
      total_reward_points: rows.reduce((sum, row) => sum + row.reward_points, 0),
    };
  }

  /** `not_finished` until the cameras' result is booked, then the whole row; another user's token is unknown. */
  async completeStatus(body: SessionStatusBody, authorization: string | undefined): Promise<object> {
    await this.callers.require(authorization, body.userId);
    const row = await this.database.maybe<
      HistoryRow & { expires_at: Date; controlled_status: string | null; controlled_result: string | null }
    >(SESSION_ROW, [body.userId, body.controlToken]);
    if (row === undefined) throw refusal('SESSION_NOT_FOUND');
    if (row.controlled_status === null) return { status: 'not_finished' };
    return {
      ...row,
      issued_at: row.issued_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
      controlled_end_time: iso(row.controlled_end_time),
    };
  }
}
