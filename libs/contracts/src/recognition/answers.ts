import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Describe } from '../core/describe';
import {
  CALLBACK_TYPES,
  CAMERA_STATES,
  SESSION_MODES,
  type CallbackType,
  type CameraState,
  type SessionMode,
} from './session';

/** Seconds only, as the attendance backend parses it. */
const TIME = 'UTC, yyyy-MM-ddTHH:mm:ssZ';

/** What every answer of recognition-service is wrapped in; `data` differs. */
class Envelope {
  @IsInt()
  @Describe('The HTTP status')
  status!: number;

  @IsString()
  message!: string;
}

export class StartedSession {
  @IsInt()
  slotId!: number;

  @IsInt()
  roomId!: number;

  @IsIn(SESSION_MODES)
  mode!: SessionMode;

  @IsInt()
  totalStudents!: number;

  @IsInt()
  totalCameras!: number;

  @IsInt()
  activeCameras!: number;

  @IsInt()
  failedCameras!: number;

  @IsString()
  @Describe(TIME)
  sessionStartedAt!: string;
}

export class StoppedSession extends StartedSession {
  @IsString()
  @Describe(TIME)
  sessionStoppedAt!: string;

  @IsInt()
  @Describe('Seconds')
  sessionDuration!: number;

  @IsInt()
  @Describe('Students that the backend has been told of')
  totalRecognitions!: number;

  @IsArray()
  @IsInt({ each: true })
  recognizedStudentIds!: number[];
}

export class SeenFace {
  @IsObject()
  @JSONSchema({
    type: 'object',
    description: 'Pixels of the camera’s picture',
    properties: {
      x: { type: 'number' },
      y: { type: 'number' },
      width: { type: 'number' },
      height: { type: 'number' },
    },
  })
  box!: Record<string, number>;

  @IsOptional()
  @IsInt()
  @Describe('null: a stranger, or too unclear')
  studentUserId!: number | null;

  @IsOptional()
  @IsNumber()
  confidence!: number | null;

  @IsNumber()
  @Describe('0–1: size, sharpness, pose and light; the least of them')
  quality!: number;

  @IsOptional()
  @IsNumber()
  liveness!: number | null;
}

export class LiveCamera {
  @IsInt()
  id!: number;

  @IsString()
  name!: string;

  @IsIn(CAMERA_STATES)
  state!: CameraState;

  @IsInt()
  framesRead!: number;

  @IsInt()
  framesScanned!: number;

  @IsInt()
  facesSeen!: number;

  @IsOptional()
  @IsInt()
  @Describe('Milliseconds since its newest picture; null: there was none')
  lastFrameAgeMs!: number | null;

  @IsOptional()
  @IsString()
  resolution!: string | null;

  @IsOptional()
  @IsString()
  @Describe('Why it is not ACTIVE')
  failure!: string | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SeenFace)
  @Describe('In the picture that was looked at last')
  faces!: SeenFace[];
}

export class SessionRecognition {
  @IsInt()
  studentUserId!: number;

  @IsNumber()
  confidence!: number;

  @IsInt()
  cameraId!: number;

  @IsString()
  @Describe(TIME)
  recognizedAt!: string;

  @IsBoolean()
  @Describe('The attendance backend has taken it')
  delivered!: boolean;

  @IsOptional()
  @IsString()
  @Describe('Its picture, signed: may be opened without a key until it expires; null: erased')
  evidenceUrl!: string | null;
}

export class LiveSession extends StartedSession {
  @IsIn(CALLBACK_TYPES)
  callbackType!: CallbackType;

  @IsInt()
  totalRecognitions!: number;

  @IsArray()
  @IsInt({ each: true })
  recognizedStudentIds!: number[];

  @IsInt()
  @Describe('Callbacks that the backend has not taken yet')
  pendingCallbacks!: number;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LiveCamera)
  cameras!: LiveCamera[];
}

export class LiveSessionDetail extends LiveSession {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SessionRecognition)
  recognitions!: SessionRecognition[];
}

export class CameraTest {
  @IsBoolean()
  connected!: boolean;

  @IsOptional()
  @IsNumber()
  @Describe('Pictures a second')
  frameRate!: number | null;

  @IsOptional()
  @IsString()
  @Describe('', '1920x1080')
  resolution!: string | null;

  @IsOptional()
  @IsInt()
  @Describe('Milliseconds to the first picture')
  latency!: number | null;

  @IsIn(['stable', 'unstable'])
  stability!: 'stable' | 'unstable';

  @IsString()
  @Describe(TIME)
  testedAt!: string;
}

export class CapturedFrame {
  @IsString()
  @Describe('JPEG as a data URL')
  image!: string;

  @IsString()
  resolution!: string;

  @IsString()
  @Describe(TIME)
  capturedAt!: string;
}

export class PhotoQuality {
  @IsNumber()
  size!: number;

  @IsNumber()
  sharpness!: number;

  @IsNumber()
  pose!: number;

  @IsNumber()
  brightness!: number;

  @IsNumber()
  @Describe('The least of the four')
  overall!: number;
}

export class EmbeddingModel {
  @IsString()
  name!: string;

  @IsString()
  version!: string;

  @IsInt()
  dimension!: number;
}

export class GeneratedEmbedding {
  @IsString()
  submissionId!: string;

  @IsArray()
  @IsNumber({}, { each: true })
  embeddingVector!: number[];

  @ValidateNested()
  @Type(() => PhotoQuality)
  quality!: PhotoQuality;

  @IsBoolean()
  faceDetected!: boolean;

  @IsInt()
  @Describe('Milliseconds')
  processingTime!: number;

  @ValidateNested()
  @Type(() => EmbeddingModel)
  model!: EmbeddingModel;
}

export class ErasedEvidence {
  @IsInt()
  userId!: number;

  @IsInt()
  removed!: number;

  @IsArray()
  @IsString({ each: true })
  @Describe('Paths of the pictures that were removed')
  files!: string[];
}

export class RecognitionHealth {
  @IsString()
  service!: string;

  @IsString()
  version!: string;

  @IsIn(['healthy', 'starting', 'degraded'])
  @Describe('degraded: no engine, or no ffmpeg')
  status!: 'healthy' | 'starting' | 'degraded';

  @IsInt()
  @Describe('Seconds')
  uptime!: number;

  @IsInt()
  activeSessions!: number;

  @IsString()
  timestamp!: string;

  @IsOptional()
  @IsString()
  @Describe('What the engine runs on; null until it has started')
  backend!: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => EmbeddingModel)
  model!: EmbeddingModel | null;

  @IsOptional()
  @IsString()
  detector!: string | null;
}

export class StartedSessionAnswer extends Envelope {
  @ValidateNested()
  @Type(() => StartedSession)
  data!: StartedSession;
}

export class StoppedSessionAnswer extends Envelope {
  @ValidateNested()
  @Type(() => StoppedSession)
  data!: StoppedSession;
}

export class LiveSessionsAnswer extends Envelope {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LiveSession)
  data!: LiveSession[];
}

export class LiveSessionAnswer extends Envelope {
  @ValidateNested()
  @Type(() => LiveSessionDetail)
  data!: LiveSessionDetail;
}

export class CameraTestAnswer extends Envelope {
  @ValidateNested()
  @Type(() => CameraTest)
  data!: CameraTest;
}

export class CapturedFrameAnswer extends Envelope {
  @ValidateNested()
  @Type(() => CapturedFrame)
  data!: CapturedFrame;
}

export class GeneratedEmbeddingAnswer extends Envelope {
  @ValidateNested()
  @Type(() => GeneratedEmbedding)
  data!: GeneratedEmbedding;
}

export class ErasedEvidenceAnswer extends Envelope {
  @ValidateNested()
  @Type(() => ErasedEvidence)
  data!: ErasedEvidence;
}
