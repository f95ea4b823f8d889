import type { CallbackType, LiveCamera, SessionMode, StopReason } from '@teleop/contracts';
import type { Session, SessionPlan, SessionRow, SessionStatus } from './session';

/** As pg hands it over: bigint as text. */
export interface RawSession {
  readonly id: string;
  readonly slot_id: string;
  readonly room_id: string;
  readonly mode: SessionMode;
  readonly callback_type: CallbackType;
  readonly status: SessionStatus;
  readonly total_students: number;
  readonly total_cameras: number;
  readonly failed_camera_ids: readonly string[];
  readonly live: readonly LiveCamera[];
  readonly started_at: Date;
  readonly stopped_at: Date | null;
  readonly stop_reason: StopReason | null;
}

export interface RawPlanned extends RawSession {
  readonly plan: SessionPlan;
  readonly gallery: Buffer;
}

export function sessionRow(raw: RawSession): SessionRow {
  return {
    id: raw.id,
    slotId: Number(raw.slot_id),
    roomId: Number(raw.room_id),
    mode: raw.mode,
    callbackType: raw.callback_type,
    status: raw.status,
    totalStudents: raw.total_students,
    totalCameras: raw.total_cameras,
    failedCameraIds: raw.failed_camera_ids.map(Number),
    live: raw.live,
    startedAt: raw.started_at,
    stoppedAt: raw.stopped_at,
    stopReason: raw.stop_reason,
  };
}

export function plannedSession(raw: RawPlanned): SessionRow & Session {
  return { ...sessionRow(raw), plan: raw.plan, vectors: vectorsIn(raw.gallery) };
}

/** float32, little-endian, on every machine that Node runs on. */
export function galleryBytes(vectors: Float32Array): Buffer {
  return Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength);
}

function vectorsIn(bytes: Buffer): Float32Array {
  // A copy: what pg hands over may begin anywhere in a larger buffer.
  const copy = new Uint8Array(bytes);
  return new Float32Array(copy.buffer, 0, copy.byteLength / Float32Array.BYTES_PER_ELEMENT);
}
