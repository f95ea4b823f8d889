import { Injectable } from '@nestjs/common';
import type { TeachSessionStatus, TrafficScope } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import type { Failure } from './domain/session-status';
import type { SessionRow } from './session-record';
import {
  BEGIN_RECORDING,
  END_RECORDING,
  FAIL_UNSTARTED,
  HOLD_SESSION,
  SET_DRAFT,
} from './sql/change-session.sql';
import { INSERT_SESSION } from './sql/insert-session.sql';
import { KEEP_RECORDINGS, LET_GO, SCOPE_LOCKED } from './sql/keep-recordings.sql';
import { READ_RECORDING, READ_SESSION, READ_SESSIONS } from './sql/read-sessions.sql';

export interface NewSession {
  readonly sessionId: string;
  readonly robotId: string;
  readonly missionName: string | null;
  readonly userId: string;
  readonly userName: string;
  readonly draftMissionId: string;
  readonly region: TrafficScope;
}

export interface SessionQuery {
  readonly robotId?: string;
  readonly status?: TeachSessionStatus;
  readonly cursor?: string;
  readonly limit: number;
}

export interface NewRecording {
  readonly sessionId: string;
  readonly lockId: string;
  readonly scope: TrafficScope;
  readonly draftMissionId: string;
  readonly correlationId: string;
  readonly owner: string;
  readonly ownerMs: number;
}

export type EndedRow = SessionRow & { readonly ended_lock_id: string };

/** Teach sessions in PostgreSQL. */
@Injectable()
export class SessionStore {
  constructor(private readonly database: Database) {}

  find(sessionId: string): Promise<SessionRow | undefined> {
    return this.database.maybe<SessionRow>(READ_SESSION, [sessionId]);
  }

  /** The one that records on this robot. */
  recordingOf(robotId: string): Promise<SessionRow | undefined> {
    return this.database.maybe<SessionRow>(READ_RECORDING, [robotId]);
  }

  /** Newest first, and one more than asked for when there are more. */
  page({ robotId, status, cursor, limit }: SessionQuery): Promise<SessionRow[]> {
    const params = [robotId ?? null, status ?? null, cursor ?? null, limit + 1];
    return this.database.query<SessionRow>(READ_SESSIONS, params);
  }

  insert(tx: Tx, session: NewSession): Promise<SessionRow> {
    const { sessionId, robotId, missionName, userId, userName, draftMissionId, region } = session;
    const params = [
      sessionId,
      robotId,
      missionName,
      userId,
      userName,
      draftMissionId,
      JSON.stringify(region),
    ];
    return tx.one<SessionRow>(INSERT_SESSION, params);
  }

  begin(tx: Tx, recording: NewRecording): Promise<SessionRow | undefined> {
    const { sessionId, lockId, scope, draftMissionId, owner, ownerMs, correlationId } = recording;
    return tx.maybe<SessionRow>(BEGIN_RECORDING, [
      sessionId,
      lockId,
      JSON.stringify(scope),
      draftMissionId,
      owner,
      ownerMs,
      correlationId,
    ]);
  }

  end(tx: Tx, sessionId: string, failure: Failure | null): Promise<EndedRow | undefined> {
    const status: TeachSessionStatus = failure === null ? 'STOPPED' : 'FAILED';
    return tx.maybe<EndedRow>(END_RECORDING, [sessionId, status, failure]);
  }

  failUnstarted(tx: Tx, sessionId: string, failure: Failure): Promise<SessionRow | undefined> {
    return tx.maybe<SessionRow>(FAIL_UNSTARTED, [sessionId, failure]);
  }

  /** Until the commit nobody else changes it. */
  hold(tx: Tx, sessionId: string): Promise<SessionRow> {
    return tx.one<SessionRow>(HOLD_SESSION, [sessionId]);
  }

  async setDraft(tx: Tx, sessionId: string, missionId: string): Promise<void> {
    await tx.query(SET_DRAFT, [sessionId, missionId]);
  }

  /** The recordings that are this replica's for so long, those included that nobody had any more. */
  keep(replica: string, ownerMs: number): Promise<SessionRow[]> {
    return this.database.query<SessionRow>(KEEP_RECORDINGS, [replica, ownerMs]);
  }

  async letGo(replica: string): Promise<void> {
    await this.database.query(LET_GO, [replica]);
  }

  /** False: the recording is over. */
  async scopeLocked(tx: Tx, sessionId: string, lockId: string, scope: TrafficScope): Promise<boolean> {
    return (await tx.maybe(SCOPE_LOCKED, [sessionId, lockId, JSON.stringify(scope)])) !== undefined;
  }
}
