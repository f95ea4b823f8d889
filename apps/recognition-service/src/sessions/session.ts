import type { CallbackType, CameraState, LiveCamera, SessionMode, StopReason } from '@teleop/contracts';

/** Names are not kept: nothing here needs them. */
export interface Student {
  readonly userId: number;
  readonly rollNumber: string;
  /** How many vectors are theirs, in the order of the gallery. */
  readonly vectors: number;
}

export interface PlannedCamera {
  readonly id: number;
  readonly name: string;
  /** With its credentials: never to be logged or announced. */
  readonly rtspUrl: string;
}

/** Everything a replica needs to scan a room, also one that takes over in the middle. */
export interface SessionPlan {
  readonly students: readonly Student[];
  readonly cameras: readonly PlannedCamera[];
  readonly scanIntervalMs: number;
  /** null: what was calibrated. */
  readonly similarityThreshold: number | null;
  readonly requireLiveness: boolean;
  readonly callbackUrl: string;
}

export const SESSION_STATUSES = ['STARTING', 'RUNNING', 'STOPPED'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

export interface SessionHead {
  readonly id: string;
  readonly slotId: number;
  readonly roomId: number;
  readonly mode: SessionMode;
  readonly callbackType: CallbackType;
  readonly totalStudents: number;
  readonly totalCameras: number;
  readonly startedAt: Date;
}

export interface Session extends SessionHead {
  readonly plan: SessionPlan;
  /** L2-normalised, all students after one another. */
  readonly vectors: Float32Array;
}

/** A session as its row says it is. */
export interface SessionRow extends SessionHead {
  readonly status: SessionStatus;
  readonly failedCameraIds: readonly number[];
  readonly live: readonly LiveCamera[];
  readonly stoppedAt: Date | null;
  readonly stopReason: StopReason | null;
}

export interface CameraChange {
  readonly cameraId: number;
  readonly cameraName: string;
  readonly state: Extract<CameraState, 'ACTIVE' | 'DEAD'>;
  readonly reason: string | null;
}
