import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { IsRobotId, IsUserId, ROBOT_ID_PATTERN } from '../core/ids';
import { defineRequest } from '../core/request';
import { QueueUpdate } from './queue-update';

export class AskQueueSnapshot {
  @IsRobotId()
  robotId!: string;
}

export class AskQueueVersions {
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  @Matches(ROBOT_ID_PATTERN, { each: true })
  robotIds!: string[];
}

export class QueueVersion {
  @IsRobotId()
  robotId!: string;

  @IsInt()
  @Min(0)
  version!: number;
}

export class QueueVersions {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => QueueVersion)
  versions!: QueueVersion[];
}

export class AskAuthorizeWatcher {
  @IsRobotId()
  robotId!: string;

  @IsUserId()
  userId!: string;

  @IsString()
  @MaxLength(8_192)
  @Describe('The user’s hash_code, or a JWT whose sub is userId')
  token!: string;
}

export class WatcherAuthorized {
  @IsUserId()
  userId!: string;
}

export class AskTurn {
  @IsRobotId()
  robotId!: string;
}

export class Turn {
  @IsUserId()
  userId!: string;

  @IsString()
  @Length(64, 64)
  tokenHash!: string;

  @IsInt()
  @Min(1)
  turn!: number;

  @IsISO8601()
  activatedAt!: string;

  @IsISO8601()
  expiresAt!: string;

  @IsInt()
  @Min(0)
  @Describe('Milliseconds left when the answer was made, in the database’s clock')
  remainingMs!: number;
}

export class CurrentTurn {
  @IsOptional()
  @ValidateNested()
  @Type(() => Turn)
  @Describe('null when nobody is active on the robot')
  turn!: Turn | null;
}

export const queueSnapshot = defineRequest({
  name: 'queue.snapshot',
  owner: 'queue-service',
  subject: 'teleop.rpc.queue.snapshot.v1',
  ask: AskQueueSnapshot,
  reply: QueueUpdate,
  errors: ['ROBOT_NOT_FOUND'],
  timeoutMs: 2_000,
  description: 'The queue of a robot as its watchers see it.',
});

export const queueVersions = defineRequest({
  name: 'queue.versions',
  owner: 'queue-service',
  subject: 'teleop.rpc.queue.versions.v1',
  ask: AskQueueVersions,
  reply: QueueVersions,
  errors: [],
  timeoutMs: 2_000,
  description: 'The version each queue is at; unknown robots are left out.',
});

export const authorizeWatcher = defineRequest({
  name: 'queue.authorize-watcher',
  owner: 'queue-service',
  subject: 'teleop.rpc.queue.authorize-watcher.v1',
  ask: AskAuthorizeWatcher,
  reply: WatcherAuthorized,
  errors: ['UNAUTHORIZED', 'ROBOT_NOT_FOUND'],
  timeoutMs: 3_000,
  description: 'May this user watch this robot’s queue?',
});

export const currentTurn = defineRequest({
  name: 'queue.current-turn',
  owner: 'queue-service',
  subject: 'teleop.rpc.queue.current-turn.v1',
  ask: AskTurn,
  reply: CurrentTurn,
  errors: ['ROBOT_NOT_FOUND'],
  timeoutMs: 2_000,
  description: 'Whose turn it is on a robot right now.',
});
