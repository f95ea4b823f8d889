import { backendTime } from '../api/backend-time';
import { allCamerasFailed, cameraDisconnected, recognitionCallback } from './payloads';
import { statusUrl } from './status-url';

const session = {
  id: '00000000-0000-4000-8000-000000000001',
  slotId: 123,
  roomId: 7,
  mode: 'INITIAL',
  callbackType: 'REGULAR',
  totalStudents: 1,
  totalCameras: 2,
  startedAt: new Date('2024-11-06T10:00:00Z'),
} as const;
const at = new Date('2024-11-06T10:30:00.789Z');
const evidenceUrl = 'http://host:8000/uploads/evidence/123/456_SE123456.jpg';
const seen = { userId: 456, confidence: 0.87, cameraId: 1, at, evidenceUrl };

describe('callbacks', () => {
  it('of a recognition are to the letter of the source', () => {
    expect(recognitionCallback(session, seen)).toEqual({
      slotId: 123,
      mode: 'INITIAL',
      callbackType: 'REGULAR',
      recognitions: [
        {
          studentUserId: 456,
          confidence: 0.87,
          timestamp: '2024-11-06T10:30:00Z',
          cameraId: 1,
          evidence: { regularImageUrl: evidenceUrl, examImageUrl: null },
        },
      ],
    });
  });

  it('of an examination have the picture in the other place', () => {
    const { recognitions } = recognitionCallback({ ...session, callbackType: 'EXAM' }, seen);
    expect(recognitions[0]!.evidence).toEqual({ regularImageUrl: null, examImageUrl: evidenceUrl });
  });

  it('of the end are to the letter of the source', () => {
    expect(allCamerasFailed(123, at, { totalCameras: 2, failedCameraIds: [1, 2] })).toEqual({
      type: 'SESSION_STATUS',
      slotId: 123,
      status: 'STOPPED',
      reason: 'ALL_CAMERAS_FAILED',
      timestamp: '2024-11-06T10:30:00Z',
      activeCameras: 0,
      failedCameras: 2,
      failedCameraIds: [1, 2],
    });
  });

  it('of one camera name it', () => {
    const camera = { cameraId: 2, cameraName: 'back', state: 'DEAD', reason: null } as const;
    expect(cameraDisconnected(123, camera, at, { totalCameras: 2, failedCameraIds: [2] })).toMatchObject({
      status: 'CAMERA_DISCONNECTED',
      reason: 'CAMERA_FAILURE',
      cameraId: 2,
      cameraName: 'back',
      activeCameras: 1,
      failedCameraIds: [2],
    });
  });

  it.each([
    ['http://host/api/attendance/recognition', 'http://host/api/attendance/session-status'],
    ['http://host:8080/api/recognition/', 'http://host:8080/api/session-status'],
    ['https://host/recognition?tenant=1', 'https://host/session-status?tenant=1'],
    ['http://host', 'http://host/session-status'],
  ])('about the session of %s go to %s', (url, status) => {
    expect(statusUrl(url)).toBe(status);
  });

  it('have times without milliseconds', () => {
    expect(backendTime(new Date('2024-11-06T10:30:00.999Z'))).toBe('2024-11-06T10:30:00Z');
  });
});
