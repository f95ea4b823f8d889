import { Injectable } from '@nestjs/common';
import type { TrafficScope } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import type { Said } from './domain/said';
import { sessionAt, type Interval, type TaughtSession } from './domain/taught-robot';
import { TAUGHT_SESSIONS } from './sql/taught-sessions.sql';

interface SessionRow {
  readonly teach_session_id: string;
  readonly robot_id: string;
  readonly recording: boolean;
  readonly scope_json: TrafficScope;
  readonly recorded: readonly Interval[];
}

/** Finds the sessions that recorded robots when they said something. */
@Injectable()
export class TaughtSessions {
  constructor(private readonly database: Database) {}

  /** One for each, in their order; undefined where nobody recorded. What was said before this is asked never changes its place. */
  async of(batch: readonly Said[]): Promise<(TaughtSession | undefined)[]> {
    const robots = [...new Set(batch.map(({ robotId }) => robotId))];
    const earliest = batch.reduce((least, { storedAt }) => Math.min(least, storedAt), Infinity);
    const rows = await this.database.query<SessionRow>(TAUGHT_SESSIONS, [robots, earliest]);
    const byRobot = new Map<string, TaughtSession[]>();
    for (const row of rows) {
      const sessions = byRobot.get(row.robot_id) ?? [];
      byRobot.set(row.robot_id, sessions);
      sessions.push({
        sessionId: row.teach_session_id,
        robotId: row.robot_id,
        recording: row.recording,
        recorded: row.recorded,
        scope: row.scope_json,
      });
    }
    return batch.map(({ robotId, storedAt }) => sessionAt(byRobot.get(robotId) ?? [], robotId, storedAt));
  }
}
