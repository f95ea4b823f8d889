import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  recognitionCameraChanged,
  recognitionRecognized,
  recognitionSessionStarted,
  recognitionSessionStopped,
  type LiveCamera,
  type StopReason,
} from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database, type Tx } from '@teleop/persistence';
import { backendTime } from '../api/backend-time';
import { allCamerasFailed, cameraDisconnected, recognitionCallback, type Seen } from '../callbacks/payloads';
import { DROP_CALLBACKS } from '../callbacks/sql/drop-callbacks.sql';
import { INSERT_CALLBACK } from '../callbacks/sql/insert-callback.sql';
import { PUT_EVIDENCE } from '../evidence/sql/put-evidence.sql';
import type { CameraChange, Session, SessionHead, SessionRow } from './session';
import { galleryBytes, plannedSession, sessionRow, type RawPlanned, type RawSession } from './session-rows';
import { ABANDON_START } from './sql/abandon-start.sql';
import { BEGIN_SESSION } from './sql/begin-session.sql';
import { CLAIM_SESSIONS } from './sql/claim-sessions.sql';
import { FIND_TOO_OLD } from './sql/find-too-old.sql';
import { HOLD_SESSION } from './sql/hold-session.sql';
import { INSERT_RECOGNITION } from './sql/insert-recognition.sql';
import { RELEASE_SESSIONS } from './sql/release-sessions.sql';
import { RENEW_SESSIONS } from './sql/renew-sessions.sql';
import { RUN_SESSION } from './sql/run-session.sql';
import { SET_FAILED_CAMERAS } from './sql/set-failed-cameras.sql';
import { STOP_SESSION } from './sql/stop-session.sql';
import { SWEEP_START } from './sql/sweep-start.sql';

export interface Recognition extends Seen {
  /** Of the picture, below the slot. */
  readonly file: string;
  readonly jpeg: Buffer;
}

interface Held {
  readonly total_cameras: number;
  readonly failed_camera_ids: readonly string[];
}

const head = ({ id, slotId, roomId, mode, callbackType }: SessionHead) => ({
  sessionId: id,
  slotId,
  roomId,
  mode,
  callbackType,
});

/** What replicas know of sessions. Whatever is written for one is written by its owner, as the database sees it. */
@Injectable()
export class SessionStore {
  /** This replica. */
  readonly owner = randomUUID();

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox<'recognition-service'>,
  ) {}

  /** False: the slot is taken. */
  async begin(session: Session, leaseMs: number): Promise<boolean> {
    await this.database.query(SWEEP_START, [session.slotId]);
    const rows = await this.database.query(BEGIN_SESSION, [
      session.id,
      session.slotId,
      session.roomId,
      session.mode,
      session.callbackType,
      JSON.stringify(session.plan),
      galleryBytes(session.vectors),
      session.totalStudents,
      session.totalCameras,
      this.owner,
      leaseMs,
      session.startedAt,
    ]);
    return rows.length > 0;
  }

  async abandon(id: string): Promise<void> {
    await this.database.query(ABANDON_START, [id]);
  }

  /** False: it took so long that somebody else swept the start away. */
  async run(session: Session, failedCameraIds: readonly number[], leaseMs: number): Promise<boolean> {
    const runs = await this.database.transaction(async (tx) => {
      const rows = await tx.query(RUN_SESSION, [session.id, this.owner, failedCameraIds, leaseMs]);
      if (rows.length === 0) return false;
      await this.outbox.append(tx, recognitionSessionStarted, {
        ...head(session),
        totalStudents: session.totalStudents,
        totalCameras: session.totalCameras,
        activeCameras: session.totalCameras - failedCameraIds.length,
        startedAt: backendTime(session.startedAt),
      });
      return true;
    });
    this.outbox.poke();
    return runs;
  }

  /** Ids that are still ours. */
  async renew(
    live: readonly { readonly id: string; readonly live: readonly LiveCamera[] }[],
    leaseMs: number,
  ): Promise<Map<string, SessionRow['status']>> {
    const rows = await this.database.query<{ id: string; status: SessionRow['status'] }>(RENEW_SESSIONS, [
      this.owner,
      leaseMs,
      JSON.stringify(live),
    ]);
    return new Map(rows.map(({ id, status }) => [id, status]));
  }

  async claim(limit: number, leaseMs: number): Promise<(SessionRow & Session)[]> {
    const rows = await this.database.query<RawPlanned>(CLAIM_SESSIONS, [this.owner, leaseMs, limit]);
    return rows.map(plannedSession);
  }

  async release(ids: readonly string[]): Promise<void> {
    await this.database.query(RELEASE_SESSIONS, [this.owner, ids]);
  }

  /** `known`: it was recognised before; `lost`: the session is not ours to write to any more. */
  async recognise(session: Session, seen: Recognition): Promise<'new' | 'known' | 'lost'> {
    const outcome = await this.database.transaction(async (tx) => {
      if ((await this.hold(tx, session.id)) === undefined) return 'lost';
      const rows = await tx.query(INSERT_RECOGNITION, [
        session.id,
        seen.userId,
        seen.confidence,
        seen.cameraId,
        seen.at,
      ]);
      if (rows.length === 0) return 'known';
      await tx.query(PUT_EVIDENCE, [session.slotId, seen.file, seen.userId, seen.jpeg, seen.at]);
      await this.tell(tx, session.id, recognitionCallback(session, seen), seen.userId);
      await this.outbox.append(tx, recognitionRecognized, {
        ...head(session),
        studentUserId: seen.userId,
        confidence: seen.confidence,
        cameraId: seen.cameraId,
        recognizedAt: backendTime(seen.at),
      });
      return 'new';
    });
    if (outcome === 'new') this.outbox.poke();
    return outcome;
  }

  /** A camera was given up, or is back. `last`: there is none left, and the session is over with it. */
  async cameraChanged(
    session: Session,
    change: CameraChange,
    at: Date,
    farewellMs: number,
  ): Promise<'told' | 'last' | 'lost'> {
    const outcome = await this.database.transaction(async (tx) => {
      const held = await this.hold(tx, session.id);
      if (held === undefined) return 'lost';
      const others = held.failed_camera_ids.map(Number).filter((id) => id !== change.cameraId);
      const failed = change.state === 'DEAD' ? [...others, change.cameraId].sort((a, b) => a - b) : others;
      const cameras = { totalCameras: held.total_cameras, failedCameraIds: failed };
      const isLast = failed.length === held.total_cameras;
      await tx.query(SET_FAILED_CAMERAS, [session.id, failed]);
      const { cameraId, state, reason } = change;
      const changedAt = backendTime(at);
      await this.outbox.append(tx, recognitionCameraChanged, {
        ...head(session),
        cameraId,
        state,
        reason,
        changedAt,
      });
      if (isLast) {
        await this.tell(tx, session.id, allCamerasFailed(session.slotId, at, cameras));
        await this.end(tx, session.slotId, at, 'ALL_CAMERAS_FAILED', { id: session.id, farewellMs });
        return 'last';
      }
      if (state === 'DEAD')
        await this.tell(tx, session.id, cameraDisconnected(session.slotId, change, at, cameras));
      return 'told';
    });
    this.outbox.poke();
    return outcome;
  }

  /** Undefined: nothing runs on the slot (or, with `id`, not that session). */
  async stop(slotId: number, at: Date, reason: StopReason, id?: string): Promise<SessionRow | undefined> {
    const stopped = await this.database.transaction(async (tx) => {
      const row = await this.end(tx, slotId, at, reason, { id, farewellMs: null });
      if (row !== undefined) await tx.query(DROP_CALLBACKS, [row.id]);
      return row;
    });
    if (stopped !== undefined) this.outbox.poke();
    return stopped;
  }

  async tooOld(hours: number): Promise<{ id: string; slotId: number }[]> {
    const rows = await this.database.query<{ id: string; slot_id: string }>(FIND_TOO_OLD, [hours]);
    return rows.map(({ id, slot_id }) => ({ id, slotId: Number(slot_id) }));
  }

  private async end(
    tx: Tx,
    slotId: number,
    at: Date,
    reason: StopReason,
    { id, farewellMs }: { id: string | undefined; farewellMs: number | null },
  ): Promise<SessionRow | undefined> {
    const raw = await tx.maybe<RawSession>(STOP_SESSION, [slotId, at, reason, farewellMs, id ?? null]);
    if (raw === undefined) return undefined;
    const row = sessionRow(raw);
    const { count } = await tx.one<{ count: number }>(
      'SELECT count(*)::int AS count FROM recognition.recognitions WHERE session_id = $1',
      [row.id],
    );
    await this.outbox.append(tx, recognitionSessionStopped, {
      ...head(row),
      reason,
      totalRecognitions: count,
      stoppedAt: backendTime(at),
    });
    return row;
  }

  private hold(tx: Tx, id: string): Promise<Held | undefined> {
    return tx.maybe<Held>(HOLD_SESSION, [id, this.owner]);
  }

  private async tell(
    tx: Tx,
    sessionId: string,
    payload: object,
    userId: number | null = null,
  ): Promise<void> {
    await tx.query(INSERT_CALLBACK, [randomUUID(), sessionId, userId, JSON.stringify(payload)]);
  }
}
