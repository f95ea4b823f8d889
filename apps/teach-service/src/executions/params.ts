import { EXECUTION_STATUSES, IsRobotId, type ExecutionStatus } from '@teleop/contracts';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { PageQuery } from '../params';

export class ExecutionParam {
  @IsUUID('loose')
  executionId!: string;
}

export class ExecutionsQuery extends PageQuery {
  @IsOptional()
  @IsRobotId()
  robotId?: string;

  @IsOptional()
  @IsUUID('loose')
  missionId?: string;

  @IsOptional()
  @IsIn(EXECUTION_STATUSES)
  status?: ExecutionStatus;
}
