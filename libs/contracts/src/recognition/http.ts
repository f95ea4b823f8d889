import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { applyDecorators } from '../core/apply-decorators';
import { Describe } from '../core/describe';
import { CALLBACK_TYPES, SESSION_MODES, type CallbackType, type SessionMode } from './session';

/** Ids of the attendance backend: whole numbers of its database. */
const MAX_ID = Number.MAX_SAFE_INTEGER;

function IsBackendId(): PropertyDecorator {
  return applyDecorators(Min(1), Max(MAX_ID), IsInt());
}

function IsCameraUrl(): PropertyDecorator {
  return applyDecorators(
    IsString(),
    Length(1, 2_048),
    Matches(/^(rtsps?|https?|file):\/\/[^\s\\]+$/i, {
      message: '$property must be a URL with rtsp://, rtsps://, http:// or https://',
    }),
  );
}

export class SessionStudent {
  @IsBackendId()
  userId!: number;

  @IsString()
  @Length(1, 256)
  fullName!: string;

  @IsString()
  @Length(1, 64)
  rollNumber!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(4_096)
  @IsNumber({}, { each: true })
  @Describe(
    'As POST /api/v1/embeddings/generate gave it; as long as the model’s vectors (GET /api/v1/health)',
  )
  embeddingVector!: number[];

  @IsOptional()
  @JSONSchema({ type: ['integer', 'string', 'null'], description: 'Of the backend; not looked at' })
  embeddingVersion?: unknown;
}

export class SessionCamera {
  @IsBackendId()
  id!: number;

  @IsString()
  @Length(1, 256)
  name!: string;

  @IsString()
  @Length(1, 2_048)
  @Describe(
    'rtsp, rtsps, http or https (MJPEG, MP4, HLS); in development also file',
    'rtsp://10.0.0.5/stream1',
  )
  rtspUrl!: string;
}

export class SessionSettings {
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  @Describe('Confidence from which a face is a student; without it what was calibrated for the model')
  similarityThreshold?: number | null;

  @IsOptional()
  @IsNumber()
  @Min(0.5)
  @Max(60)
  @Describe('Seconds between two looks at a camera; 1.5 by default')
  scanInterval?: number | null;

  @IsString()
  @Length(1, 2_048)
  @Matches(/^https?:\/\/[^\s\\/?#@]+([/?#][^\s\\]*)?$/i, {
    message: 'callbackUrl must be an http:// or https:// URL without credentials',
  })
  @Describe('Where recognitions are sent; `session-status` beside it gets what happens to cameras')
  callbackUrl!: string;

  @IsOptional()
  @IsBoolean()
  @Describe('Faces that do not look alive are nobody')
  requireLiveness?: boolean | null;
}

export class ProcessSessionBody {
  @IsBackendId()
  slotId!: number;

  @IsBackendId()
  roomId!: number;

  @IsIn(SESSION_MODES)
  mode!: SessionMode;

  @IsIn(CALLBACK_TYPES)
  callbackType!: CallbackType;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => SessionStudent)
  @Describe('One with several photos stands here several times')
  students!: SessionStudent[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => SessionCamera)
  cameras!: SessionCamera[];

  @IsDefined()
  @ValidateNested()
  @Type(() => SessionSettings)
  config!: SessionSettings;
}

export class StopSessionBody {
  @IsBackendId()
  slotId!: number;
}

export class SlotParam {
  @IsBackendId()
  slotId!: number;
}

export class CameraQuery {
  @IsCameraUrl()
  rtspUrl!: string;

  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(30)
  @Describe('Seconds; 10 by default')
  timeout?: number;
}

export class EvidenceQuery {
  @IsBackendId()
  userId!: number;
}

export class EvidenceParams {
  @IsBackendId()
  slotId!: number;

  @IsString()
  @Length(1, 200)
  @Describe('', '456_SE123456.jpg')
  file!: string;
}

export class EvidenceSignature {
  @IsOptional()
  @IsString()
  @Length(1, 20)
  @Describe('Seconds since 1970')
  expires?: string;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  signature?: string;
}
