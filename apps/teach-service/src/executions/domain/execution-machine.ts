import type { ExecutionStatus, TaskStatus } from '@teleop/contracts';

/** Forward only. */
export const EXECUTION_TRANSITIONS: Readonly<Record<ExecutionStatus, readonly ExecutionStatus[]>> = {
  QUEUED: ['RUNNING', 'DONE', 'FAILED', 'CANCELED'],
  RUNNING: ['DONE', 'FAILED', 'CANCELED'],
  DONE: [],
  FAILED: [],
  CANCELED: [],
};

/** A paused task is a running execution that is paused. */
const STATUS_OF_TASK: Readonly<Record<TaskStatus, ExecutionStatus>> = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  PAUSED: 'RUNNING',
  DONE: 'DONE',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
};

export interface ExecutionState {
  readonly status: ExecutionStatus;
  readonly robotId: string | null;
  readonly paused: boolean;
  readonly reason: string | null;
  readonly currentStep: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Of the newest announcement that was applied. */
  readonly taskVersion: number;
}

/** As much of an announcement of a task as counts. */
export interface TaskNews {
  readonly status: TaskStatus;
  readonly robotId?: string | null;
  readonly currentStep: number;
  readonly reason?: string | null;
  readonly errorCode?: string | null;
  readonly errorMessage?: string | null;
  readonly version: number;
}

export function isOver(status: ExecutionStatus): boolean {
  return EXECUTION_TRANSITIONS[status].length === 0;
}

function mayFollow(from: ExecutionStatus, to: ExecutionStatus): boolean {
  return from === to || EXECUTION_TRANSITIONS[from].includes(to);
}

/**
 * What an execution is after news of its task; undefined when that changes nothing: heard before, overtaken by newer news,
 * or the execution is over. A task that is QUEUED again leaves a running execution RUNNING.
 */
export function follow(state: ExecutionState, news: TaskNews): ExecutionState | undefined {
  if (isOver(state.status) || news.version <= state.taskVersion) return undefined;
  const wanted = STATUS_OF_TASK[news.status];
  const status = mayFollow(state.status, wanted) ? wanted : state.status;
  return {
    status,
    robotId: news.robotId ?? state.robotId,
    paused: news.status === 'PAUSED',
    reason: news.reason ?? null,
    currentStep: Math.max(state.currentStep, news.currentStep),
    errorCode: status === 'FAILED' ? (news.errorCode ?? 'task_failed') : null,
    errorMessage: status === 'FAILED' ? (news.errorMessage ?? null) : null,
    taskVersion: news.version,
  };
}

/** It ends here, whatever becomes of its task. Undefined: it is over. */
export function endHere(
  state: ExecutionState,
  end: { status: 'CANCELED' } | { status: 'FAILED'; errorCode: string; errorMessage: string },
): ExecutionState | undefined {
  if (isOver(state.status)) return undefined;
  const failed = end.status === 'FAILED';
  return {
    ...state,
    status: end.status,
    paused: false,
    reason: null,
    errorCode: failed ? end.errorCode : null,
    errorMessage: failed ? end.errorMessage : null,
  };
}
