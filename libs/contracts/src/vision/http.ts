import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';
import type { JsonSchema } from '../core/schema';
import { KEYS_ARE_CAMERA_NAMES } from './camera-name';

/** How an evaluation was come by, in the order they are tried. */
export const VISION_STRATEGIES = [
  'pairwise_first_frame',
  'pairwise_second_frame',
  'multi_frame_vote',
] as const;
export type VisionStrategy = (typeof VISION_STRATEGIES)[number];

const FRAMES = {
  oneOf: [
    { type: 'string', description: 'base64 of a JPEG, PNG or WebP, with or without a data: prefix' },
    { type: 'array', minItems: 1, items: { type: 'string' } },
  ],
};
const COUNTS = {
  type: 'object',
  properties: { left: { type: 'integer', minimum: 0 }, right: { type: 'integer', minimum: 0 } },
  required: ['left', 'right'],
};

function perCamera(schema: JsonSchema, description: string): PropertyDecorator {
  return JSONSchema({ type: 'object', additionalProperties: schema, description }) as PropertyDecorator;
}

const perSide = (schema: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { start: schema, end: schema },
});
const bothSides = (schema: JsonSchema): JsonSchema => ({ ...perSide(schema), required: ['start', 'end'] });

export class DollsCompareBody {
  @IsObject()
  @JSONSchema({
    type: 'object',
    minProperties: 1,
    ...KEYS_ARE_CAMERA_NAMES,
    additionalProperties: bothSides(FRAMES),
    description: 'Frames by camera, whatever the robot calls it; of a list the first five are used',
  })
  views!: Record<string, unknown>;

  @IsRobotId()
  robotId!: string;

  @IsOptional()
  @IsString()
  @Length(1, 256)
  @Describe('The turn this is about. Without one nothing is settled.')
  controlToken?: string;
}

export class VisionUsage {
  @IsInt()
  @Min(0)
  calls!: number;

  @IsInt()
  @Min(0)
  input_tokens!: number;

  @IsInt()
  @Min(0)
  output_tokens!: number;

  @IsInt()
  @Min(0)
  total_tokens!: number;

  @IsOptional()
  @IsNumber()
  @Describe('US dollars by the configured prices; null when the price of a model is not known')
  cost_usd!: number | null;
}

export class VisionAttempt {
  @IsIn(VISION_STRATEGIES)
  strategy!: VisionStrategy;

  @IsString()
  model!: string;

  @IsObject()
  @perCamera(perSide(COUNTS), 'Counts by camera, without a side that could not be read')
  views!: Record<string, unknown>;

  @IsObject()
  @perCamera(
    {
      type: 'object',
      properties: { l_to_r: { type: 'integer' }, r_to_l: { type: 'integer' } },
      required: ['l_to_r', 'r_to_l'],
    },
    'What the model says was moved; told, not paid',
  )
  moved!: Record<string, unknown>;

  @IsBoolean()
  abnormal!: boolean;

  @IsOptional()
  @IsString()
  @Describe('NOT_CONSERVED, CAMERA_UNREADABLE or NO_MAJORITY')
  reason!: string | null;

  @IsInt()
  @Min(0)
  success_count!: number;

  @IsOptional()
  @IsObject()
  @Describe('Share of the frames that agree on each count; of a vote only')
  agreement?: Record<string, unknown> | null;

  @IsInt()
  @Min(0)
  elapsed_ms!: number;

  @ValidateNested()
  @Type(() => VisionUsage)
  usage!: VisionUsage;

  @IsOptional()
  @IsString()
  error?: string | null;
}

export class DollsCompareAnswer {
  @IsBoolean()
  @Describe('Whether the evaluation found something moved and nothing amiss: status is success')
  success!: boolean;

  @IsIn(['success', 'failed'])
  status!: 'success' | 'failed';

  @IsString()
  @Describe('The model of the attempt that decided')
  model!: string;

  @IsObject()
  @perCamera(perSide(COUNTS), 'Final counts, without a side that could not be read or has no majority')
  views!: Record<string, unknown>;

  @IsInt()
  @Min(0)
  success_count!: number;

  @IsInt()
  @Min(0)
  @Describe('100 for each object moved; 0 unless status is success')
  reward_points!: number;

  @ValidateNested({ each: true })
  @Type(() => VisionAttempt)
  attempts!: VisionAttempt[];

  @IsBoolean()
  abnormal!: boolean;

  @IsOptional()
  @IsString()
  @Describe('Of the attempt that decided; null when nothing was amiss')
  reason!: string | null;

  @IsUUID()
  @Describe('For GET /vision/evaluations/{id}')
  evaluation_id!: string;

  @IsString()
  prompt_version!: string;

  @ValidateNested()
  @Type(() => VisionUsage)
  usage!: VisionUsage;

  @IsInt()
  @Min(0)
  elapsed_ms!: number;
}

export class VisionEvaluationAnswer extends DollsCompareAnswer {
  @IsRobotId()
  robotId!: string;

  @IsOptional()
  @IsString()
  @Describe('SHA-256 of the control token, hex')
  token_hash!: string | null;

  @IsObject()
  @Describe('What was looked at: kind, size and SHA-256 of each frame, by camera and side')
  frames!: Record<string, unknown>;

  @IsISO8601()
  created_at!: string;
}
