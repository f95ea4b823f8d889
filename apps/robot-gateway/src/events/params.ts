import { Describe } from '@teleop/contracts';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

export class EventsQuery {
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
