import { Describe, IsRobotId, TASK_STATUSES, type TaskStatus } from '@teleop/contracts';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, Min } from 'class-validator';

export class TaskParam {
  @IsUUID('loose')
  taskId!: string;
}

export class TasksQuery {
  @IsOptional()
  @IsRobotId()
  @Describe('Of the robot it runs on, or is meant for')
  robotId?: string;

  @IsOptional()
  @IsUUID('loose')
  missionId?: string;

  @IsOptional()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  @Describe('How many; 50 by default')
  limit?: number;

  @IsOptional()
  @IsString()
  @Matches(/^\d{1,18}$/, { message: 'cursor must be the nextCursor of another answer' })
  @Describe('nextCursor of the page before')
  cursor?: string;
}
