import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId, IsUserId } from '../core/ids';
import { USER_CLASSES, type UserClass } from './status';

export class QueueEntry {
  @IsUserId()
  user_id!: string;

  @IsOptional()
  @IsString()
  username!: string | null;

  @IsOptional()
  @IsString()
  @Describe('Masked: at most the first 2 and last 4 characters, plus the domain', 'al****ce@example.org')
  email!: string | null;

  @IsOptional()
  @IsString()
  @Describe('Masked: at most the first 2 and last 4 characters', '0x****9aF3')
  wallet_address!: string | null;

  @IsInt()
  @Min(1)
  @Describe('Rank among active, then waiting; 1 is the front')
  position!: number;

  @IsIn(['active', 'waiting'])
  status!: 'active' | 'waiting';

  @IsOptional()
  @IsInt()
  @Describe('Whole seconds left of the turn; null while waiting')
  remaining_time!: number | null;

  @IsIn(USER_CLASSES)
  member_class!: UserClass;

  @IsBoolean()
  fast_track!: boolean;

  @IsOptional()
  @IsNumber()
  @Describe('Estimated seconds until the turn starts; null when unknown')
  estimated_wait_s!: number | null;
}

/** What every watcher of a robot's queue sees; the body of `GET /queue/{robotId}` and of `queue_update`. */
export class QueueUpdate {
  @IsRobotId()
  robotId!: string;

  @IsInt()
  @Min(0)
  @Describe('Grows with every change of this queue; an update with a smaller one is older')
  version!: number;

  @IsBoolean()
  robotAvailable!: boolean;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => QueueEntry)
  queue!: QueueEntry[];
}
