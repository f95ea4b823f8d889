import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';
import { TrafficScope } from '../robots/traffic';
import { TEACH_SESSION_STATUSES, type TeachSessionStatus } from './status';

export class CreateTeachSessionBody {
  @IsRobotId()
  robotId!: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Describe('Of the draft that is being taught')
  missionName?: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => TrafficScope)
  @Describe('What the operator wants locked from the start, beside where the robot is')
  scope?: TrafficScope | null;
}

export class TeachSession {
  @IsUUID('loose')
  teachSessionId!: string;

  @IsRobotId()
  robotId!: string;

  @IsIn(TEACH_SESSION_STATUSES)
  status!: TeachSessionStatus;

  @IsOptional()
  @IsString()
  missionName!: string | null;

  @IsUUID('loose')
  createdBy!: string;

  @IsISO8601()
  createdAt!: string;

  @IsOptional()
  @IsISO8601()
  @Describe('Of the last recording, as finishedAt')
  startedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  finishedAt!: string | null;

  @IsOptional()
  @IsUUID('loose')
  @Describe('The mission that its intents become steps of')
  draftMissionId!: string | null;

  @IsOptional()
  @IsUUID('loose')
  @Describe('While RECORDING')
  trafficLockId!: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => TrafficScope)
  @Describe('What others are kept out of while it records')
  scope!: TrafficScope | null;

  @IsOptional()
  @IsString()
  @Describe('Why it FAILED')
  reason!: string | null;
}

export class TeachSessionList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TeachSession)
  items!: TeachSession[];

  @IsOptional()
  @IsString()
  nextCursor!: string | null;
}

export class TeachSample {
  @IsUUID('loose')
  teachSampleId!: string;

  @IsUUID('loose')
  teachSessionId!: string;

  @IsISO8601()
  ts!: string;

  @IsOptional()
  @IsNumber()
  poseX!: number | null;

  @IsOptional()
  @IsNumber()
  poseY!: number | null;

  @IsOptional()
  @IsNumber()
  headingRad!: number | null;

  @IsOptional()
  @IsNumber()
  hoistHeight!: number | null;

  @IsOptional()
  @IsNumber()
  telescopeLength!: number | null;

  @IsOptional()
  @IsNumber()
  rotationAngleDeg!: number | null;

  @IsOptional()
  @IsNumber()
  gripPosition!: number | null;

  @IsOptional()
  @IsObject()
  @Describe('The rest of what the robot said: nodeId, corridor, intent')
  rawJson!: Record<string, unknown> | null;
}

export class TeachSampleList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TeachSample)
  items!: TeachSample[];

  @IsOptional()
  @IsString()
  nextCursor!: string | null;
}
