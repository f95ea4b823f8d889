import type { Tx } from '@teleop/persistence';
import { digestOf, type Credential } from '../users/credential';
import {
  ACTIVE_TURN,
  DUE_TURNS,
  NEXT_DUE,
  QUEUE_SNAPSHOT,
  QUEUE_VERSIONS,
  STATISTICS_ALL,
  STATISTICS_ONE,
} from './turns.sql';

export interface JoinRow {
  readonly code: string;
  readonly position: number;
  readonly status: 'active' | 'waiting';
  readonly fast_track: boolean;
  readonly fast_track_spent: boolean;
}

export interface OpenedRow {
  readonly code: string;
  readonly control_token: string;
  readonly expires: number;
  readonly stream1: string | null;
  readonly stream2: string | null;
  readonly is_first_time: boolean;
}

export interface SnapshotRow {
  readonly version: number;
  readonly is_available: boolean;
  readonly average_seconds: number | null;
  readonly entries: SnapshotEntry[];
}

export interface SnapshotEntry {
  readonly user_id: string;
  readonly username: string | null;
  readonly email: string | null;
  readonly wallet_address: string | null;
  readonly member_class: string;
  readonly position: number;
  readonly status: 'active' | 'waiting';
  readonly remaining_seconds: number | null;
  readonly fast_track: boolean;
}

export interface TurnRow {
  readonly user_id: string;
  readonly control_token: string;
  readonly token_hash: string;
  readonly turn: number;
  readonly activated_at: Date;
  readonly expires_at: Date;
  readonly remaining_ms: number;
}

interface UserAndRobot {
  readonly userId: string;
  readonly robotId: string;
}

/** Every query of the queue: calls of the functions in `database/functions`, and reads. */
export class TurnsRepository {
  constructor(private readonly sessionSeconds: number) {}

  join(
    tx: Tx,
    who: UserAndRobot,
    credential: Credential,
    testMode: boolean,
    fastTrackDaily: number,
  ): Promise<JoinRow> {
    return tx.one<JoinRow>('SELECT * FROM teleop.join_queue($1, $2, $3, $4, $5, $6)', [
      who.userId,
      who.robotId,
      digestOf(credential),
      testMode,
      this.sessionSeconds,
      fastTrackDaily,
    ]);
  }

  leave(
    tx: Tx,
    who: UserAndRobot,
    credential: Credential,
    inactive: boolean,
  ): Promise<{ code: string; points: number }> {
    return tx.one('SELECT * FROM teleop.leave_queue($1, $2, $3, $4, $5)', [
      who.userId,
      who.robotId,
      digestOf(credential),
      inactive,
      this.sessionSeconds,
    ]);
  }

  open(tx: Tx, who: UserAndRobot, credential: Credential): Promise<OpenedRow> {
    return tx.one<OpenedRow>(
      `SELECT code, control_token, expires::int AS expires, stream1, stream2, is_first_time
       FROM teleop.open_session($1, $2, $3, $4)`,
      [who.userId, who.robotId, digestOf(credential), this.sessionSeconds],
    );
  }

  disconnect(
    tx: Tx,
    robotId: string,
    tokenHash: string | null,
  ): Promise<{ code: string; user_id: string | null }> {
    return tx.one('SELECT * FROM teleop.disconnect_driver($1, $2, $3)', [
      robotId,
      tokenHash,
      this.sessionSeconds,
    ]);
  }

  async free(tx: Tx, robotId: string): Promise<boolean> {
    return (await tx.one<{ freed: boolean }>('SELECT teleop.free_robot($1) AS freed', [robotId])).freed;
  }

  async expire(tx: Tx, robotId: string): Promise<boolean> {
    const sql = 'SELECT teleop.expire_turn($1, $2) AS ended';
    return (await tx.one<{ ended: boolean }>(sql, [robotId, this.sessionSeconds])).ended;
  }

  async promote(tx: Tx, robotId: string): Promise<boolean> {
    const sql = 'SELECT teleop.promote_waiting($1, $2) AS promoted';
    return (await tx.one<{ promoted: boolean }>(sql, [robotId, this.sessionSeconds])).promoted;
  }

  /** Undefined for a robot that does not exist. */
  snapshot(tx: Tx, robotId: string): Promise<SnapshotRow | undefined> {
    return tx.maybe<SnapshotRow>(QUEUE_SNAPSHOT, [robotId, this.sessionSeconds]);
  }

  versions(tx: Tx, robotIds: readonly string[]): Promise<{ robotId: string; version: number }[]> {
    return tx.query(QUEUE_VERSIONS, [robotIds]);
  }

  activeTurn(tx: Tx, robotId: string): Promise<TurnRow | undefined> {
    return tx.maybe<TurnRow>(ACTIVE_TURN, [robotId, this.sessionSeconds]);
  }

  async robotExists(tx: Tx, robotId: string): Promise<boolean> {
    return (
      (await tx.query('SELECT 1 AS found FROM teleop.robot_status WHERE robot_id = $1', [robotId])).length > 0
    );
  }

  /** Robots whose active turn's time is up. */
  async due(tx: Tx): Promise<string[]> {
    return (await tx.query<{ robot_id: string }>(DUE_TURNS, [this.sessionSeconds])).map(
      (row) => row.robot_id,
    );
  }

  /** Milliseconds until the next turn's time is up; undefined when nobody is active. */
  async nextDueMs(tx: Tx): Promise<number | undefined> {
    return (await tx.one<{ ms: number | null }>(NEXT_DUE, [this.sessionSeconds])).ms ?? undefined;
  }

  statisticsOf(
    tx: Tx,
    robotId: string,
  ): Promise<{ waiting: number; active: number; completed: number } | undefined> {
    return tx.maybe(STATISTICS_ONE, [robotId]);
  }

  statistics(tx: Tx): Promise<{ robot_id: string; waiting: number; active: number }[]> {
    return tx.query(STATISTICS_ALL);
  }
}
