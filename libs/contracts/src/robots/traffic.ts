import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { applyDecorators } from '../core/apply-decorators';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { IsRobotId } from '../core/ids';
import { defineRequest } from '../core/request';

export const TRAFFIC_PURPOSES = ['teach', 'task', 'other'] as const;
export type TrafficPurpose = (typeof TRAFFIC_PURPOSES)[number];

export const TRAFFIC_TTL = { min: 1, max: 300 } as const;

const MAX_RESOURCES = 1_000;

function AreMapIds(): PropertyDecorator {
  return applyDecorators(
    IsArray(),
    ArrayMaxSize(MAX_RESOURCES),
    IsString({ each: true }),
    Length(1, 128, { each: true }),
  );
}

function IsTtl(): PropertyDecorator {
  return applyDecorators(
    IsInt(),
    Min(TRAFFIC_TTL.min),
    Max(TRAFFIC_TTL.max),
    Describe('Seconds without a heartbeat after which the lock is over'),
  );
}

/** What of the map is meant: nodes that may not be passed through, paths that may not be entered. */
export class TrafficScope {
  @AreMapIds()
  nodeIds!: string[];

  @AreMapIds()
  pathIds!: string[];
}

function IsScope(): PropertyDecorator {
  // IsDefined: a nested object that is absent counts as valid to class-validator.
  return applyDecorators(
    IsDefined(),
    ValidateNested(),
    Type(() => TrafficScope),
  );
}

/** The person who teaches the robot by hand, while a lock of purpose `teach` lasts. */
export class TrafficTeacher {
  @IsUUID('loose')
  userId!: string;

  @IsString()
  @Length(1, 256)
  @Describe('What people are told who are refused because of it')
  name!: string;
}

export class AskTrafficAcquire {
  @IsUUID('loose')
  @Describe('Made by the caller: the same request sent again is the same lock')
  lockId!: string;

  @IsRobotId()
  robotId!: string;

  @IsScope()
  scope!: TrafficScope;

  @IsTtl()
  ttlSeconds!: number;

  @IsOptional()
  @IsIn(TRAFFIC_PURPOSES)
  @Describe('`teach`: the lock is also the robot’s command lease, as long as it lasts')
  purpose?: TrafficPurpose;

  @IsOptional()
  @ValidateNested()
  @Type(() => TrafficTeacher)
  @Describe('With purpose `teach`: who may drive the robot by hand; absent, nobody may')
  teacher?: TrafficTeacher;

  @IsOptional()
  @IsString()
  @MaxLength(128)
  correlationId?: string;
}

export class AskTrafficHeartbeat {
  @IsUUID('loose')
  lockId!: string;

  @IsOptional()
  @IsTtl()
  ttlSeconds?: number;
}

export class AskTrafficUpdateScope {
  @IsUUID('loose')
  lockId!: string;

  @IsScope()
  scope!: TrafficScope;
}

export class AskTrafficRelease {
  @IsUUID('loose')
  lockId!: string;
}

export class TrafficLockAnswer {
  @IsUUID('loose')
  lockId!: string;

  @IsRobotId()
  robotId!: string;

  @IsScope()
  scope!: TrafficScope;

  @IsISO8601()
  @Describe('In the database’s clock')
  expiresAt!: string;
}

export class TrafficReleased {
  @IsUUID('loose')
  lockId!: string;
}

const LOCK_SUBJECT = 'teleop.rpc.robots.traffic';
const ACQUIRE_ERRORS = [
  'traffic_lock_conflict',
  'traffic_lock_unknown',
  'robot_unknown',
  'robot_held',
] as const;

export const trafficAcquire = defineRequest({
  name: 'robots.traffic-acquire',
  owner: 'robot-gateway',
  subject: `${LOCK_SUBJECT}-acquire.v1`,
  ask: AskTrafficAcquire,
  reply: TrafficLockAnswer,
  errors: ACQUIRE_ERRORS,
  timeoutMs: 3_000,
  description:
    'Keeps other robots out of nodes and paths: all of them or none. `traffic_lock_unknown`: that lock is over. With purpose ' +
    '`teach` the robot itself is kept too; `robot_held`: a session, a person, a route or a task has it.',
});

export const trafficHeartbeat = defineRequest({
  name: 'robots.traffic-heartbeat',
  owner: 'robot-gateway',
  subject: `${LOCK_SUBJECT}-heartbeat.v1`,
  ask: AskTrafficHeartbeat,
  reply: TrafficLockAnswer,
  errors: ['traffic_lock_unknown'],
  timeoutMs: 2_000,
  description:
    'Lets a traffic lock live for its time to live from now; a lock that is over stays so. One of purpose `teach` is over too ' +
    'when somebody else has got the robot.',
});

export const trafficUpdateScope = defineRequest({
  name: 'robots.traffic-update-scope',
  owner: 'robot-gateway',
  subject: `${LOCK_SUBJECT}-update-scope.v1`,
  ask: AskTrafficUpdateScope,
  reply: TrafficLockAnswer,
  errors: ['traffic_lock_conflict', 'traffic_lock_unknown'],
  timeoutMs: 3_000,
  description: 'Gives a traffic lock another scope: all of it, or the lock keeps the one it has.',
});

export const trafficRelease = defineRequest({
  name: 'robots.traffic-release',
  owner: 'robot-gateway',
  subject: `${LOCK_SUBJECT}-release.v1`,
  ask: AskTrafficRelease,
  reply: TrafficReleased,
  errors: [],
  timeoutMs: 3_000,
  description: 'Ends a traffic lock; one that is over or was never there is answered the same.',
});

export const TRAFFIC_CHANGES = ['acquired', 'scope_changed', 'released', 'expired'] as const;
export type TrafficChange = (typeof TRAFFIC_CHANGES)[number];

export class TrafficChanged {
  @IsRobotId()
  robotId!: string;

  @IsUUID('loose')
  lockId!: string;

  @IsIn(TRAFFIC_CHANGES)
  change!: TrafficChange;

  @IsIn(TRAFFIC_PURPOSES)
  purpose!: TrafficPurpose;

  @IsScope()
  @Describe('What the lock keeps from now on; empty when it is over')
  scope!: TrafficScope;

  @IsScope()
  @Describe('What it kept until now and keeps no longer')
  freed!: TrafficScope;

  @IsOptional()
  @IsString()
  correlationId?: string;
}

export const trafficChanged = defineEvent({
  name: 'robots.traffic-changed',
  owner: 'robot-gateway',
  subject: 'teleop.robots.traffic-changed.v1.{robotId}',
  stream: 'ROBOTS',
  payload: TrafficChanged,
  description: 'A traffic lock was acquired, got another scope, was released or expired.',
});

export class TrafficLockView {
  @IsUUID('loose')
  lockId!: string;

  @IsRobotId()
  robotId!: string;

  @IsIn(TRAFFIC_PURPOSES)
  purpose!: TrafficPurpose;

  @IsScope()
  scope!: TrafficScope;

  @IsISO8601()
  acquiredAt!: string;

  @IsISO8601()
  expiresAt!: string;

  @IsOptional()
  @IsString()
  correlationId!: string | null;
}

export class TrafficLockList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TrafficLockView)
  items!: TrafficLockView[];
}
