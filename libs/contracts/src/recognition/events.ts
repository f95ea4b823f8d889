import { IsIn, IsInt, IsISO8601, IsNumber, IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { CALLBACK_TYPES, SESSION_MODES, type CallbackType, type SessionMode } from './session';

/** Names and pictures stay with recognition-service: who may see them asks it. */
class OfSession {
  @IsUUID()
  @Describe('This run of the slot; a slot may be scanned again under another one')
  sessionId!: string;

  @IsInt()
  slotId!: number;

  @IsInt()
  roomId!: number;

  @IsIn(SESSION_MODES)
  mode!: SessionMode;

  @IsIn(CALLBACK_TYPES)
  callbackType!: CallbackType;
}

export class RecognitionRecognized extends OfSession {
  @IsInt()
  studentUserId!: number;

  @IsNumber()
  @Min(0)
  @Max(1)
  confidence!: number;

  @IsInt()
  cameraId!: number;

  @IsISO8601()
  recognizedAt!: string;
}

export const recognitionRecognized = defineEvent({
  name: 'recognition.recognized',
  owner: 'recognition-service',
  subject: 'teleop.recognition.recognized.v1.{sessionId}',
  stream: 'RECOGNITION',
  payload: RecognitionRecognized,
  description: 'A student was seen in a room; once per student and session.',
});

export class RecognitionSessionStarted extends OfSession {
  @IsInt()
  @Min(1)
  totalStudents!: number;

  @IsInt()
  @Min(1)
  totalCameras!: number;

  @IsInt()
  @Min(0)
  activeCameras!: number;

  @IsISO8601()
  startedAt!: string;
}

export const recognitionSessionStarted = defineEvent({
  name: 'recognition.session.started',
  owner: 'recognition-service',
  subject: 'teleop.recognition.session.started.v1.{sessionId}',
  stream: 'RECOGNITION',
  payload: RecognitionSessionStarted,
  description: 'A room is being scanned.',
});

/** Why a session is over. */
export const STOP_REASONS = ['REQUESTED', 'ALL_CAMERAS_FAILED', 'CALLBACKS_FAILED', 'TOO_OLD'] as const;
export type StopReason = (typeof STOP_REASONS)[number];

export class RecognitionSessionStopped extends OfSession {
  @IsIn(STOP_REASONS)
  @Describe('CALLBACKS_FAILED: the attendance backend took none for too long; TOO_OLD: nobody stopped it')
  reason!: StopReason;

  @IsInt()
  @Min(0)
  totalRecognitions!: number;

  @IsISO8601()
  stoppedAt!: string;
}

export const recognitionSessionStopped = defineEvent({
  name: 'recognition.session.stopped',
  owner: 'recognition-service',
  subject: 'teleop.recognition.session.stopped.v1.{sessionId}',
  stream: 'RECOGNITION',
  payload: RecognitionSessionStopped,
  description: 'A room is no longer scanned.',
});

export class RecognitionCameraChanged extends OfSession {
  @IsInt()
  cameraId!: number;

  @IsIn(['ACTIVE', 'DEAD'])
  state!: 'ACTIVE' | 'DEAD';

  @IsOptional()
  @IsString()
  @Describe('Why it is dead, in a word')
  reason?: string | null;

  @IsISO8601()
  changedAt!: string;
}

export const recognitionCameraChanged = defineEvent({
  name: 'recognition.session.camera-changed',
  owner: 'recognition-service',
  subject: 'teleop.recognition.session.camera-changed.v1.{sessionId}',
  stream: 'RECOGNITION',
  payload: RecognitionCameraChanged,
  description: 'A camera of a session is given up, or is back.',
});
