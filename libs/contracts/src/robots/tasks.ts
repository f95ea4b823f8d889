import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../core/describe';
import { defineEvent } from '../core/event';
import { IsRobotId } from '../core/ids';
import { defineRequest } from '../core/request';
import { CAPABILITY_NAMES, type CapabilityName } from './capabilities';

/** What a robot is asked to do in one step. A mission's `missionRef` is expanded before it becomes a task. */
export const STEP_TYPES = ['moveToPoint', 'grip', 'rotate', 'telescope', 'hoist', 'wait'] as const;
export type StepType = (typeof STEP_TYPES)[number];

export const TASK_STATUSES = ['QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'CANCELED'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** PENDING: not sent yet. SENT: on its way. RUNNING: acknowledged by the robot. */
export const STEP_STATUSES = ['PENDING', 'SENT', 'RUNNING', 'DONE', 'FAILED', 'CANCELED'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** Why a task is PAUSED (`requested`, `preempted`), or what a RUNNING one waits for before its next step. */
export const TASK_REASONS = [
  'requested',
  /** Somebody drove the robot by hand, or an Admin gave it another order. */
  'preempted',
  /** Somebody holds the robot. */
  'robot_held',
  /** The robot drives elsewhere or by hand. */
  'robot_busy',
  /** Its socket is away. */
  'robot_offline',
  /** It has not confirmed yet that it stopped what was canceled. */
  'robot_stopping',
  /** Others have locked what it would have to pass. */
  'traffic',
] as const;
export type TaskReason = (typeof TASK_REASONS)[number];

/** Why a task FAILED. */
export const TASK_ERRORS = [
  'step_failed',
  'step_refused',
  'step_timeout',
  'robot_offline',
  'robot_unknown',
  'wait_timeout',
] as const;
export type TaskError = (typeof TASK_ERRORS)[number];

export const MAX_TASK_STEPS = 1_000;
/** A day. */
const MAX_STEP_SECONDS = 86_400;

export class TaskStep {
  @IsUUID('loose')
  @Describe('The mission’s name for the step; a mission that is referred to twice brings it twice')
  stepId!: string;

  @IsIn(STEP_TYPES)
  type!: StepType;

  @IsObject()
  @Describe('By type, e.g. moveToPoint { destination: { nodeId } }, hoist { targetMm }')
  payload!: Record<string, unknown>;

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(MAX_STEP_SECONDS)
  @Describe('Needed for every type but moveToPoint')
  requiredTimeSeconds?: number | null;
}

export class AskTaskCreate {
  @IsUUID('loose')
  @Describe('Made by the caller: the same request sent again is the same task')
  taskId!: string;

  @IsUUID('loose')
  missionId!: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  missionVersion?: number | null;

  @IsOptional()
  @IsRobotId()
  @Describe('Absent: the capable, idle robot that would be done first')
  robotId?: string | null;

  @IsArray()
  @ArrayUnique()
  @IsIn(CAPABILITY_NAMES, { each: true })
  @Describe('What the steps need by their types is added')
  requiredCapabilities!: CapabilityName[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_TASK_STEPS)
  @ValidateNested({ each: true })
  @Type(() => TaskStep)
  steps!: TaskStep[];

  @IsUUID('loose')
  @Describe('Id of the user who wants it')
  createdBy!: string;

  @IsOptional()
  @IsString()
  @MaxLength(128)
  correlationId?: string | null;
}

export class AskTask {
  @IsUUID('loose')
  taskId!: string;
}

export class TaskCreated {
  @IsUUID('loose')
  taskId!: string;

  @IsIn(TASK_STATUSES)
  status!: TaskStatus;

  @IsOptional()
  @IsRobotId()
  robotId?: string | null;
}

/** How far a task is: what is announced at every change, and answered by whoever changes it. */
export class TaskProgress {
  @IsUUID('loose')
  taskId!: string;

  @IsUUID('loose')
  missionId!: string;

  @IsOptional()
  @IsInt()
  missionVersion?: number | null;

  @IsIn(TASK_STATUSES)
  status!: TaskStatus;

  @IsOptional()
  @IsRobotId()
  @Describe('The robot it runs on, or is meant for; absent until one is found')
  robotId?: string | null;

  @IsInt()
  @Min(0)
  @Describe('Position of the step that is next or under way, from 0; totalSteps when all are done')
  currentStep!: number;

  @IsInt()
  @Min(1)
  totalSteps!: number;

  @IsOptional()
  @IsUUID('loose')
  @Describe('That step')
  stepId?: string | null;

  @IsOptional()
  @IsIn(STEP_STATUSES)
  stepStatus?: StepStatus | null;

  @IsOptional()
  @IsIn(TASK_REASONS)
  @Describe('Why it is PAUSED, or what it waits for while RUNNING')
  reason?: TaskReason | null;

  @IsOptional()
  @IsIn(TASK_ERRORS)
  errorCode?: TaskError | null;

  @IsOptional()
  @IsString()
  errorMessage?: string | null;

  @IsInt()
  @Min(1)
  @Describe('Only grows: of two announcements of a task the higher is the newer')
  version!: number;

  @IsOptional()
  @IsString()
  correlationId?: string | null;
}

export class TaskView extends TaskProgress {
  @IsOptional()
  @IsRobotId()
  @Describe('The robot that was asked for by name')
  requestedRobotId!: string | null;

  @IsArray()
  @IsIn(CAPABILITY_NAMES, { each: true })
  requiredCapabilities!: CapabilityName[];

  @IsBoolean()
  @Describe('It will be PAUSED when the step under way is done')
  pauseRequested!: boolean;

  @IsUUID('loose')
  createdBy!: string;

  @IsISO8601()
  createdAt!: string;

  @IsOptional()
  @IsISO8601()
  startedAt!: string | null;

  @IsOptional()
  @IsISO8601()
  finishedAt!: string | null;
}

export class TaskStepView extends TaskStep {
  @IsInt()
  @Min(0)
  position!: number;

  @IsIn(STEP_STATUSES)
  status!: StepStatus;

  @IsOptional()
  @IsNumber()
  @Describe('Seconds it may take, known once it was sent')
  timeoutSeconds!: number | null;

  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  @Describe('Nodes it was sent along')
  path!: string[] | null;

  @IsOptional()
  @IsISO8601()
  sentAt!: string | null;

  @IsOptional()
  @IsISO8601()
  finishedAt!: string | null;

  @IsOptional()
  @IsString()
  reason!: string | null;
}

export class TaskDetail extends TaskView {
  @IsDefined()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TaskStepView)
  steps!: TaskStepView[];
}

export class TaskList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TaskView)
  items!: TaskView[];

  @IsOptional()
  @IsString()
  nextCursor!: string | null;
}

const TASK_SUBJECT = 'teleop.rpc.robots.task';

export const taskCreate = defineRequest({
  name: 'robots.task-create',
  owner: 'robot-gateway',
  subject: `${TASK_SUBJECT}-create.v1`,
  ask: AskTaskCreate,
  reply: TaskCreated,
  errors: [
    'robot_unknown',
    'robot_offline',
    'capability_missing',
    'limit_exceeded',
    'step_payload_invalid',
    'task_queue_full',
  ],
  timeoutMs: 5_000,
  description:
    'Has a mission’s steps run by a robot. A taskId that is known is answered by the task it names.',
});

export const taskCancel = defineRequest({
  name: 'robots.task-cancel',
  owner: 'robot-gateway',
  subject: `${TASK_SUBJECT}-cancel.v1`,
  ask: AskTask,
  reply: TaskProgress,
  errors: ['task_unknown', 'task_over'],
  timeoutMs: 3_000,
  description:
    'Ends a task; the robot is told to stop the step under way. Canceled before: answered the same.',
});

export const taskPause = defineRequest({
  name: 'robots.task-pause',
  owner: 'robot-gateway',
  subject: `${TASK_SUBJECT}-pause.v1`,
  ask: AskTask,
  reply: TaskProgress,
  errors: ['task_unknown', 'task_over', 'task_not_started'],
  timeoutMs: 3_000,
  description: 'Pauses a task when the step under way is done, or at once when none is.',
});

export const taskResume = defineRequest({
  name: 'robots.task-resume',
  owner: 'robot-gateway',
  subject: `${TASK_SUBJECT}-resume.v1`,
  ask: AskTask,
  reply: TaskProgress,
  errors: ['task_unknown', 'task_over', 'task_not_started'],
  timeoutMs: 3_000,
  description: 'Lets a paused task go on with its next step, or takes back a pause that has not begun.',
});

export const taskGet = defineRequest({
  name: 'robots.task-get',
  owner: 'robot-gateway',
  subject: `${TASK_SUBJECT}-get.v1`,
  ask: AskTask,
  reply: TaskDetail,
  errors: ['task_unknown'],
  timeoutMs: 3_000,
  description: 'A task with its steps.',
});

export const taskChanged = defineEvent({
  name: 'robots.task-changed',
  owner: 'robot-gateway',
  subject: 'teleop.robots.task-changed.v1.{taskId}',
  stream: 'ROBOTS',
  payload: TaskProgress,
  description:
    'A task was queued, found its robot, went a step on, waits, was paused or ended; one for every change.',
});
