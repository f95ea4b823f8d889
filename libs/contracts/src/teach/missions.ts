import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
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
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';
import { CAPABILITY_NAMES, type CapabilityName } from '../robots/capabilities';
import { MISSION_STATUSES, type MissionStatus } from './status';

export const MAX_MISSION_STEPS = 1_000;

/** A step as it may stand in a draft: what is wrong with what it says is said by the mission's `faults`, and when it is published. */
export class MissionStepBody {
  @IsOptional()
  @IsIn([1])
  schemaVersion?: number;

  @IsOptional()
  @IsUUID('loose')
  @Describe('Unique within the mission; made here when absent')
  stepId?: string;

  @IsString()
  @Length(1, 64)
  @Describe('moveToPoint, grip, rotate, telescope, hoist, wait or missionRef', 'hoist')
  type!: string;

  @IsOptional()
  @IsNumber()
  @Describe('Every type but moveToPoint must have it to be published')
  requiredTimeSeconds?: number | null;

  @IsOptional()
  @IsObject()
  @Describe('By type, see GET /api/v1/teach/step-schema')
  payload?: Record<string, unknown>;
}

export class CreateMissionBody {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  description?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_MISSION_STEPS)
  @ValidateNested({ each: true })
  @Type(() => MissionStepBody)
  steps?: MissionStepBody[];
}

/** What is absent stays as it is. */
export class UpdateMissionBody {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  @Describe('null: none')
  description?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_MISSION_STEPS)
  @ValidateNested({ each: true })
  @Type(() => MissionStepBody)
  steps?: MissionStepBody[];
}

export class PublishMissionBody {
  @IsOptional()
  @IsRobotId()
  @Describe('Whose capabilities and limits count; absent: the robot it was taught on, or none')
  robotId?: string | null;
}

export class MissionStepView {
  @IsIn([1])
  schemaVersion!: number;

  @IsUUID('loose')
  stepId!: string;

  @IsString()
  type!: string;

  @IsOptional()
  @IsNumber()
  requiredTimeSeconds?: number | null;

  @IsObject()
  payload!: Record<string, unknown>;
}

/** One thing that is wrong with a mission. */
export class MissionFaultView {
  @IsOptional()
  @IsUUID('loose')
  @Describe('null: not about one step')
  stepId!: string | null;

  @IsString()
  @Describe('Dotted', 'steps.3.payload.targetMm')
  path!: string;

  @IsString()
  code!: string;

  @IsString()
  message!: string;
}

export class MissionSummary {
  @IsUUID('loose')
  missionId!: string;

  @IsString()
  name!: string;

  @IsOptional()
  @IsString()
  description!: string | null;

  @IsInt()
  @Min(0)
  @Describe('Of a draft: that of the mission it was copied from, else 0; publishing adds 1')
  version!: number;

  @IsIn(MISSION_STATUSES)
  status!: MissionStatus;

  @IsUUID('loose')
  createdBy!: string;

  @IsISO8601()
  createdAt!: string;

  @IsISO8601()
  updatedAt!: string;

  @IsBoolean()
  requiredHasHoist!: boolean;

  @IsBoolean()
  requiredHasTelescope!: boolean;

  @IsBoolean()
  requiredHasRotate!: boolean;

  @IsBoolean()
  requiredHasGrip!: boolean;

  @IsArray()
  @IsIn(CAPABILITY_NAMES, { each: true })
  requiredCapabilities!: CapabilityName[];

  @IsOptional()
  @IsObject()
  @Describe('By capability, the steps that need it; null until it is published')
  requiredCapabilitiesJson!: object | null;

  @IsOptional()
  @IsNumber()
  @Describe('Seconds of all steps but moveToPoint; null until it is published')
  estimatedActionTimeSeconds!: number | null;

  @IsInt()
  stepCount!: number;

  @IsOptional()
  @IsUUID('loose')
  sourceMissionId!: string | null;

  @IsOptional()
  @IsRobotId()
  @Describe('The robot it was taught on')
  lastTeachRobotId!: string | null;
}

export class MissionView extends MissionSummary {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MissionStepView)
  steps!: MissionStepView[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MissionFaultView)
  @Describe('What its steps have to lose before it can be published; robots and other missions are not asked')
  faults!: MissionFaultView[];
}

export class MissionList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MissionSummary)
  @Describe('Newest first, without their steps')
  items!: MissionSummary[];

  @IsOptional()
  @IsString()
  nextCursor!: string | null;
}
