import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId, ROBOT_ID_PATTERN } from '../core/ids';
import { defineRequest } from '../core/request';
import { RobotCapabilities, RobotLimits } from './capabilities';
import { RobotStatusFeed } from './feeds';

export const LOCK_ANSWERS = ['lock_granted', 'busy'] as const;
export type LockAnswer = (typeof LOCK_ANSWERS)[number];

export class AskSessionProbe {
  @IsRobotId()
  robotId!: string;

  @IsString()
  @Length(64, 64)
  tokenHash!: string;
}

export class SessionProbeAnswer {
  @IsIn(LOCK_ANSWERS)
  answer!: LockAnswer;
}

export const probeSession = defineRequest({
  name: 'robots.probe-session',
  owner: 'robot-gateway',
  subject: 'teleop.rpc.robots.probe-session.v1',
  ask: AskSessionProbe,
  reply: SessionProbeAnswer,
  errors: [],
  timeoutMs: 1_000,
  description:
    'Would the robot take this session’s driver now? Answered as a `lock_request` on the relay is.',
});

export class AskRobotStatuses {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  @Matches(ROBOT_ID_PATTERN, { each: true })
  @Describe('Absent: all robots')
  robotIds?: string[];

  @IsOptional()
  @IsRobotId()
  @Describe('The next page: only robots whose id sorts behind this one')
  after?: string;
}

export class RobotStatuses {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RobotStatusFeed)
  statuses!: RobotStatusFeed[];

  @IsOptional()
  @IsRobotId()
  @Describe('There are more than fit into one answer (NATS: 1 MiB): ask again with `after` this')
  next?: string | null;
}

export class AskRobot {
  @IsRobotId()
  robotId!: string;
}

export class RobotDescription {
  @IsRobotId()
  robotId!: string;

  @IsString()
  name!: string;

  @IsBoolean()
  connected!: boolean;

  @ValidateNested()
  @Type(() => RobotCapabilities)
  capabilities!: RobotCapabilities;

  @ValidateNested()
  @Type(() => RobotLimits)
  limits!: RobotLimits;
}

export const robotStatuses = defineRequest({
  name: 'robots.statuses',
  owner: 'robot-gateway',
  subject: 'teleop.rpc.robots.statuses.v1',
  ask: AskRobotStatuses,
  reply: RobotStatuses,
  errors: [],
  timeoutMs: 2_000,
  description: 'What the watchers of these robots (or of all) see now; unknown robots are left out.',
});

export const describeRobot = defineRequest({
  name: 'robots.describe',
  owner: 'robot-gateway',
  subject: 'teleop.rpc.robots.describe.v1',
  ask: AskRobot,
  reply: RobotDescription,
  errors: ['robot_unknown'],
  timeoutMs: 2_000,
  description: 'What a robot can do, within which limits, and whether it is connected.',
});
