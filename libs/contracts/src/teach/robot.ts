import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { applyDecorators } from '../core/apply-decorators';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { IsRobotId } from '../core/ids';

/** The envelope of everything that goes between teach-service and robots, as the source has it. */
class TeachEnvelope {
  @IsString()
  @Length(1, 128)
  @Describe('Its own: what comes again under it changes nothing')
  messageId!: string;

  @IsISO8601()
  producedAtUtc!: string;

  @IsRobotId()
  robotId!: string;
}

export const TEACH_CONTROLS = ['teachStart', 'teachStop'] as const;
export type TeachControlType = (typeof TEACH_CONTROLS)[number];

export class TeachControlPayload {
  @IsUUID('loose')
  teachSessionId!: string;
}

export class TeachControl extends TeachEnvelope {
  @IsString()
  @Length(1, 128)
  @Describe('Of the start: its lock has it too')
  correlationId!: string;

  @IsIn(TEACH_CONTROLS)
  type!: TeachControlType;

  @IsDefined()
  @ValidateNested()
  @Type(() => TeachControlPayload)
  payload!: TeachControlPayload;
}

function IsReading(unit: string): PropertyDecorator {
  return applyDecorators(IsOptional(), IsNumber(), Describe(unit));
}

function AreMapIds(): PropertyDecorator {
  return applyDecorators(
    IsArray(),
    ArrayMaxSize(200),
    IsString({ each: true }),
    Length(1, 128, { each: true }),
  );
}

/** What of the map the robot is led through. */
export class TeachCorridor {
  @AreMapIds()
  nodeIds!: string[];

  @AreMapIds()
  pathIds!: string[];
}

/** A step that the operator wants in the mission. */
export class TeachIntent {
  @IsString()
  @Length(1, 64)
  @Describe('A step’s type')
  type!: string;

  @IsOptional()
  @IsObject()
  @Describe('A step’s payload; a moveToPoint without a destination means where the robot is')
  payload?: Record<string, unknown> | null;

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(86_400)
  requiredTimeSeconds?: number | null;
}

export class TeachStatePayload {
  @IsOptional()
  @IsISO8601()
  @Describe('When it was so, by the robot’s clock; absent: producedAtUtc')
  ts?: string | null;

  @IsReading('m')
  poseX?: number | null;

  @IsReading('m')
  poseY?: number | null;

  @IsReading('rad')
  headingRad?: number | null;

  @IsReading('mm')
  hoistHeight?: number | null;

  @IsReading('mm')
  telescopeLength?: number | null;

  @IsReading('degrees')
  rotationAngleDeg?: number | null;

  @IsReading('mm between the fingers')
  gripPosition?: number | null;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  @Describe('Where on the map it is')
  nodeId?: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => TeachCorridor)
  corridor?: TeachCorridor | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => TeachIntent)
  intent?: TeachIntent | null;
}

export class TeachState extends TeachEnvelope {
  @IsOptional()
  @IsString()
  @Length(1, 128)
  correlationId?: string | null;

  @IsString()
  @Length(1, 64)
  @Describe('', 'teachState')
  type!: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => TeachStatePayload)
  payload!: TeachStatePayload;
}

/** The source's subject. Over robot-gateway to the robot's control socket, under the lease of the teach lock. */
export const teachControl = defineEvent({
  name: 'teach.control',
  owner: 'teach-service',
  subject: 'robots.teach.control.{robotId}',
  stream: 'TEACH_CONTROL',
  payload: TeachControl,
  delivery: { ackWaitMs: 10_000, maxDeliver: 30, backoffMs: [100, 250, 500, 1_000, 2_000] },
  description: 'What a robot that is taught is told: to begin or to end to tell of its state.',
});

/** The source's subject. Not by an outbox: robot-gateway passes on what robots send at 50 Hz, once the stream has it. */
export const teachState = defineEvent({
  name: 'robots.teach-state',
  owner: 'robot-gateway',
  subject: 'robots.teach.state.{robotId}',
  stream: 'TEACH_STATE',
  payload: TeachState,
  description:
    'What a robot that is taught says of its state, 50 times a second, and what its operator wants of it.',
});
