import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId, IsUserId } from '../core/ids';

export class UserAndRobot {
  @IsUserId()
  userId!: string;

  @IsRobotId()
  robotId!: string;
}

export class LeaveQueueBody extends UserAndRobot {
  @IsOptional()
  @IsBoolean()
  @Describe('The client left because of inactivity: shorter pay, none below 50 s')
  inactive?: boolean;
}

export class UserBody {
  @IsUserId()
  userId!: string;
}

export class RobotBody {
  @IsRobotId()
  robotId!: string;
}

export class SessionStatusBody extends UserBody {
  @IsString()
  @Length(1, 256)
  controlToken!: string;
}

export class JoinQueueAnswer {
  @IsBoolean()
  success!: boolean;

  @IsString()
  message!: string;

  @IsRobotId()
  robotId!: string;

  @IsInt()
  position!: number;

  @IsIn(['active', 'waiting'])
  status!: 'active' | 'waiting';

  @IsBoolean()
  fast_track!: boolean;
}

export class LeaveQueueAnswer {
  @IsBoolean()
  success!: boolean;

  @IsString()
  message!: string;

  @IsRobotId()
  robotId!: string;

  @IsInt()
  @Describe('Points booked for the session that this leave ended; 0 when none was')
  reward_points!: number;
}

export class ControlTokenAnswer {
  @IsString()
  control_token!: string;

  @IsInt()
  @Describe('Unix seconds')
  expires!: number;

  @IsRobotId()
  robotId!: string;
}

export class UseRobotAnswer {
  @IsString()
  @Describe(
    'base64url(iv[12] || ciphertext || tag[16]), AES-256-GCM with the key of /session_url_decrypt_key',
  )
  encrypted_url!: string;

  @IsOptional()
  @IsString()
  encrypted_stream1_url!: string | null;

  @IsOptional()
  @IsString()
  encrypted_stream2_url!: string | null;

  @IsString()
  control_token!: string;

  @IsInt()
  @Describe('Unix seconds')
  expires!: number;

  @IsBoolean()
  isFirstTime!: boolean;
}

export class DecryptKeyAnswer {
  @IsString()
  key_b64!: string;

  @IsInt()
  @Describe('Unix seconds, 15 minutes from now')
  exp!: number;
}

export class ControlSession {
  @IsRobotId()
  robot_id!: string;

  @IsISO8601()
  issued_at!: string;

  @IsOptional()
  @IsISO8601()
  controlled_end_time!: string | null;

  @IsOptional()
  @IsNumber()
  controlled_hours!: number | null;

  @IsInt()
  reward_points!: number;
}

export class ControlHistoryAnswer {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ControlSession)
  sessions!: ControlSession[];

  @IsNumber()
  total_controlled_hours!: number;

  @IsInt()
  total_reward_points!: number;
}

export class LeaderboardRow {
  @IsInt()
  rank!: number;

  @IsUserId()
  user_id!: string;

  @IsOptional()
  @IsString()
  user_name!: string | null;

  @IsOptional()
  @IsString()
  @Describe('Masked')
  email!: string | null;

  @IsOptional()
  @IsString()
  @Describe('Masked')
  wallet_address!: string | null;

  @IsInt()
  total_points!: number;

  @IsNumber()
  total_hours!: number;
}

export class LeaderboardAnswer {
  @IsBoolean()
  success!: boolean;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LeaderboardRow)
  leaderboard!: LeaderboardRow[];

  @IsOptional()
  @ValidateNested()
  @Type(() => LeaderboardRow)
  self!: LeaderboardRow | null;
}

export class LeaderboardUpdated {
  @IsBoolean()
  success!: boolean;

  @IsInt()
  @Describe('Rows on the board after the update')
  rows!: number;
}

export class RobotSummary {
  @IsBoolean()
  is_available!: boolean;

  @IsOptional()
  @IsString()
  current_user!: string | null;

  @IsInt()
  queue_length!: number;

  @IsOptional()
  @IsString()
  youtube_stream_id!: string | null;

  @IsBoolean()
  live_paused!: boolean;
}

export class RobotsStatusAnswer {
  @IsBoolean()
  success!: boolean;

  @IsObject()
  @Describe('RobotSummary by robot id')
  robots!: Record<string, RobotSummary>;
}

export class LivePausedAnswer {
  @IsBoolean()
  success!: boolean;

  @IsObject()
  @Describe('live_paused by robot id')
  live_paused!: Record<string, boolean>;
}

export class RobotDisconnectAnswer {
  @IsString()
  status!: string;

  @IsOptional()
  @IsUserId()
  user_id?: string;

  @IsOptional()
  @IsString()
  message?: string;
}

export class AuthTokenAnswer {
  @IsString()
  token!: string;

  @IsInt()
  @Describe('Seconds')
  expires_in!: number;
}
