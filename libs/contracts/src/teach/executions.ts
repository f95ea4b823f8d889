import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId } from '../core/ids';
import { EXECUTION_STATUSES, type ExecutionStatus } from './status';

export class CreateExecutionBody {
  @IsUUID('loose')
  missionId!: string;

  @IsOptional()
  @IsRobotId()
  @Describe('Absent: the capable, idle robot that would be done first')
  robotId?: string | null;
}

export class ExecutionView {
  @IsUUID('loose')
  executionId!: string;

  @IsUUID('loose')
  missionId!: string;

  @IsInt()
  @Min(1)
  missionVersion!: number;

  @IsOptional()
  @IsRobotId()
  @Describe('null until it is known')
  robotId!: string | null;

  @IsOptional()
  @IsUUID('loose')
  @Describe('null until there is one')
  taskId!: string | null;

  @IsIn(EXECUTION_STATUSES)
  status!: ExecutionStatus;

  @IsBoolean()
  @Describe('Between two steps; resume lets it go on')
  paused!: boolean;

  @IsOptional()
  @IsString()
  @Describe('Why it is paused, or what it waits for, as of its task')
  reason!: string | null;

  @IsInt()
  @Min(0)
  @Describe('Position of the step that is next or under way, from 0; totalSteps when all are done')
  currentStep!: number;

  @IsInt()
  @Min(1)
  @Describe('With all missions written out')
  totalSteps!: number;

  @IsUUID('loose')
  createdBy!: string;

  @IsISO8601()
  createdAt!: string;

  @IsOptional()
  @IsISO8601()
  startedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  finishedAt!: string | null;

  @IsISO8601()
  lastUpdateAt!: string;

  @IsOptional()
  @IsString()
  errorCode!: string | null;

  @IsOptional()
  @IsString()
  errorMessage!: string | null;
}

export class ExecutionList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ExecutionView)
  @Describe('Newest first')
  items!: ExecutionView[];

  @IsOptional()
  @IsString()
  nextCursor!: string | null;
}
