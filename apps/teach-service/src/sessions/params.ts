import { Describe, IsRobotId, TEACH_SESSION_STATUSES, type TeachSessionStatus } from '@teleop/contracts';
import { IsIn, IsISO8601, IsInt, IsOptional, IsString, IsUUID, Matches, Max, Min } from 'class-validator';
import { PageQuery } from '../params';

export class SessionParam {
  @IsUUID('loose')
  sessionId!: string;
}

export class SessionsQuery extends PageQuery {
  @IsOptional()
  @IsRobotId()
  robotId?: string;

  @IsOptional()
  @IsIn(TEACH_SESSION_STATUSES)
  status?: TeachSessionStatus;
}

export class SamplesQuery {
  @IsOptional()
  @IsISO8601({ strict: true })
  @Describe('The first moment; absent: from the beginning')
  from?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  @Describe('The last moment')
  to?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  @Describe('How many; 100 by default')
  limit?: number;

  @IsOptional()
  @IsString()
  @Matches(/^\d{1,15}-\d{1,18}$/, { message: 'cursor must be the nextCursor of another answer' })
  @Describe('nextCursor of the page before')
  cursor?: string;
}
