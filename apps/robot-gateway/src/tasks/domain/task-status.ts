import type { StepStatus, TaskStatus } from '@teleop/contracts';

/** A task waits for a robot, runs on it, may be paused between two steps, and ends. What has ended stays as it is. */
export const TASK_TRANSITIONS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  QUEUED: ['RUNNING', 'FAILED', 'CANCELED'],
  RUNNING: ['PAUSED', 'DONE', 'FAILED', 'CANCELED'],
  PAUSED: ['RUNNING', 'FAILED', 'CANCELED'],
  DONE: [],
  FAILED: [],
  CANCELED: [],
};

export const STEP_TRANSITIONS: Readonly<Record<StepStatus, readonly StepStatus[]>> = {
  PENDING: ['SENT', 'FAILED', 'CANCELED'],
  // Back to PENDING: somebody came in between, or the robot was busy.
  SENT: ['RUNNING', 'PENDING', 'DONE', 'FAILED', 'CANCELED'],
  RUNNING: ['PENDING', 'DONE', 'FAILED', 'CANCELED'],
  DONE: [],
  FAILED: [],
  CANCELED: [],
};

export function isOver(status: TaskStatus): boolean {
  return TASK_TRANSITIONS[status].length === 0;
}

/** The robot may be at it. */
export function isUnderWay(status: StepStatus | undefined): boolean {
  return status === 'SENT' || status === 'RUNNING';
}
