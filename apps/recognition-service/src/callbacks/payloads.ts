import { backendTime } from '../api/backend-time';
import type { CameraChange, SessionHead } from '../sessions/session';

/** To the letter of the source: what the attendance backend parses. */
export interface RecognitionCallback {
  readonly slotId: number;
  readonly mode: string;
  readonly callbackType: string;
  readonly recognitions: readonly {
    readonly studentUserId: number;
    readonly confidence: number;
    readonly timestamp: string;
    readonly cameraId: number;
    readonly evidence: { readonly regularImageUrl: string | null; readonly examImageUrl: string | null };
  }[];
}

export interface Seen {
  readonly userId: number;
  readonly confidence: number;
  readonly cameraId: number;
  readonly at: Date;
  readonly evidenceUrl: string;
}

export function recognitionCallback(session: SessionHead, seen: Seen): RecognitionCallback {
  const isExam = session.callbackType === 'EXAM';
  return {
    slotId: session.slotId,
    mode: session.mode,
    callbackType: session.callbackType,
    recognitions: [
      {
        studentUserId: seen.userId,
        confidence: seen.confidence,
        timestamp: backendTime(seen.at),
        cameraId: seen.cameraId,
        evidence: {
          regularImageUrl: isExam ? null : seen.evidenceUrl,
          examImageUrl: isExam ? seen.evidenceUrl : null,
        },
      },
    ],
  };
}

interface Cameras {
  readonly totalCameras: number;
  readonly failedCameraIds: readonly number[];
}

const counts = ({ totalCameras, failedCameraIds }: Cameras) => ({
  activeCameras: totalCameras - failedCameraIds.length,
  failedCameras: failedCameraIds.length,
  failedCameraIds,
});

/** One camera of several was given up. */
export function cameraDisconnected(slotId: number, camera: CameraChange, at: Date, cameras: Cameras): object {
  return {
    type: 'SESSION_STATUS',
    slotId,
    status: 'CAMERA_DISCONNECTED',
    reason: 'CAMERA_FAILURE',
    timestamp: backendTime(at),
    cameraId: camera.cameraId,
    cameraName: camera.cameraName,
    ...counts(cameras),
  };
}

/** The last camera was given up, and with it the session. */
export function allCamerasFailed(slotId: number, at: Date, cameras: Cameras): object {
  return {
    type: 'SESSION_STATUS',
    slotId,
    status: 'STOPPED',
    reason: 'ALL_CAMERAS_FAILED',
    timestamp: backendTime(at),
    ...counts(cameras),
  };
}
