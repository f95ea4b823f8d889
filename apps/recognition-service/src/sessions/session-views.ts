import type {
  LiveCamera,
  LiveSession,
  SessionRecognition,
  StartedSession,
  StoppedSession,
} from '@teleop/contracts';
import { backendTime } from '../api/backend-time';
import type { SessionHead, SessionRow } from './session';
import type { KnownRecognition, LiveRow } from './session-reader';

export function startedView(session: SessionHead, failedCameraIds: readonly number[]): StartedSession {
  return {
    slotId: session.slotId,
    roomId: session.roomId,
    mode: session.mode,
    totalStudents: session.totalStudents,
    totalCameras: session.totalCameras,
    activeCameras: session.totalCameras - failedCameraIds.length,
    failedCameras: failedCameraIds.length,
    sessionStartedAt: backendTime(session.startedAt),
  };
}

/** Who counts: a student of whom the backend does not know yet has to be looked for in a RESCAN. */
function counted(recognitions: readonly KnownRecognition[]) {
  const recognizedStudentIds = recognitions.filter(({ delivered }) => delivered).map(({ userId }) => userId);
  return { totalRecognitions: recognizedStudentIds.length, recognizedStudentIds };
}

export function stoppedView(row: SessionRow, recognitions: readonly KnownRecognition[]): StoppedSession {
  const stoppedAt = row.stoppedAt ?? row.startedAt;
  return {
    ...startedView(row, row.failedCameraIds),
    sessionStoppedAt: backendTime(stoppedAt),
    sessionDuration: Math.max(0, Math.round((stoppedAt.getTime() - row.startedAt.getTime()) / 1_000)),
    ...counted(recognitions),
  };
}

/** `cameras`: as this replica sees them; without them as their owner last wrote. */
export function liveView(row: LiveRow, cameras: LiveCamera[] | undefined): LiveSession {
  return {
    ...startedView(row, row.failedCameraIds),
    callbackType: row.callbackType,
    ...counted(row.recognitions),
    pendingCallbacks: row.pendingCallbacks,
    cameras: cameras ?? [...row.live],
  };
}

export function recognitionView(known: KnownRecognition, evidenceUrl: string | null): SessionRecognition {
  return {
    studentUserId: known.userId,
    confidence: known.confidence,
    cameraId: known.cameraId,
    recognizedAt: backendTime(known.at),
    delivered: known.delivered,
    evidenceUrl,
  };
}
