import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { defineFeed } from '../core/feed';
import { IsRobotId } from '../core/ids';
import { TrafficScope } from '../robots/traffic';
import {
  EXECUTION_STATUSES,
  MISSION_STATUSES,
  TEACH_SESSION_STATUSES,
  type ExecutionStatus,
  type MissionStatus,
  type TeachSessionStatus,
} from './status';

/** `teach.session.updated`, as `/teach` sends it. */
export class TeachSessionUpdated {
  @IsUUID('loose')
  teachSessionId!: string;

  @IsRobotId()
  robotId!: string;

  @IsIn(TEACH_SESSION_STATUSES)
  status!: TeachSessionStatus;

  @IsOptional()
  @IsString()
  @Describe('Why it FAILED')
  reason?: string | null;

  @IsOptional()
  @IsUUID('loose')
  draftMissionId?: string | null;
}

/** `teach.lock.updated`. */
export class TeachLockUpdated {
  @IsUUID('loose')
  teachSessionId!: string;

  @IsRobotId()
  robotId!: string;

  @IsOptional()
  @IsUUID('loose')
  @Describe('Absent: there is none any more')
  lockId?: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => TrafficScope)
  @Describe('What others are kept out of; absent when there is no lock')
  scope?: TrafficScope | null;
}

/** `teach.mission.updated`. */
export class TeachMissionUpdated {
  @IsUUID('loose')
  missionId!: string;

  @IsIn(MISSION_STATUSES)
  status!: MissionStatus;

  @IsInt()
  @Min(0)
  version!: number;

  @IsInt()
  @Min(1)
  @Describe('Grows with every change: of two updates of a mission the higher is the newer')
  revision!: number;

  @IsOptional()
  @IsRobotId()
  @Describe('The robot it is being taught on; absent when a person changed it')
  robotId?: string | null;
}

/** `teach.execution.updated`. */
export class TeachExecutionUpdated {
  @IsUUID('loose')
  executionId!: string;

  @IsUUID('loose')
  missionId!: string;

  @IsOptional()
  @IsRobotId()
  @Describe('Absent until it is known')
  robotId?: string | null;

  @IsOptional()
  @IsUUID('loose')
  @Describe('Absent until there is one')
  taskId?: string | null;

  @IsIn(EXECUTION_STATUSES)
  status!: ExecutionStatus;

  @IsBoolean()
  paused!: boolean;

  @IsInt()
  @Min(0)
  currentStep!: number;

  @IsInt()
  @Min(1)
  totalSteps!: number;

  @IsOptional()
  @IsString()
  @Describe('What it waits for or why it is paused, as of its task')
  reason?: string | null;

  @IsOptional()
  @IsString()
  errorCode?: string | null;

  @IsOptional()
  @IsString()
  errorMessage?: string | null;
}

/** `teach.sample.received`. */
export class TeachSampleReceived {
  @IsUUID('loose')
  teachSessionId!: string;

  @IsRobotId()
  robotId!: string;

  @IsObject()
  @Describe('The state as the robot sent it')
  payload!: Record<string, unknown>;
}

const SUBJECT = 'teleop.teach';
const OWNED = { owner: 'teach-service', stream: 'TEACH' } as const;

export const teachSessionUpdated = defineEvent({
  ...OWNED,
  name: 'teach.session-updated',
  subject: `${SUBJECT}.session-updated.v1.{robotId}`,
  payload: TeachSessionUpdated,
  description: 'A teach session was created, began, ended or failed.',
});

export const teachLockUpdated = defineEvent({
  ...OWNED,
  name: 'teach.lock-updated',
  subject: `${SUBJECT}.lock-updated.v1.{robotId}`,
  payload: TeachLockUpdated,
  description: 'A teach session got its traffic lock, another scope for it, or has it no more.',
});

export const teachMissionUpdated = defineEvent({
  ...OWNED,
  name: 'teach.mission-updated',
  subject: `${SUBJECT}.mission-updated.v1.{missionId}`,
  payload: TeachMissionUpdated,
  description: 'A mission was created, changed, published or archived.',
});

export const teachExecutionUpdated = defineEvent({
  ...OWNED,
  name: 'teach.execution-updated',
  subject: `${SUBJECT}.execution-updated.v1.{executionId}`,
  payload: TeachExecutionUpdated,
  description: 'An execution was queued, went a step on, was paused or ended.',
});

export const teachSampleFeed = defineFeed({
  name: 'teach.sample',
  owner: 'teach-service',
  subject: 'teleop.feeds.teach.sample.v1.{robotId}',
  payload: TeachSampleReceived,
  description: 'What a robot that is being taught said of its state, once it is stored.',
});
