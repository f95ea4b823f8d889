import type { StepStatus, TaskError, TaskReason, TaskStatus } from '@teleop/contracts';
import { isOver, isUnderWay } from './task-status';

/** What decides about a task: itself, and the step that is next or under way. */
export interface TaskState {
  readonly status: TaskStatus;
  readonly robotId: string | null;
  /** Position of the step that is next or under way; totalSteps when all are done. */
  readonly currentStep: number;
  readonly totalSteps: number;
  readonly pauseRequested: boolean;
  readonly reason: TaskReason | null;
  readonly errorCode: TaskError | null;
  readonly errorMessage: string | null;
  /** Status of that step; undefined when all are done. */
  readonly step: StepStatus | undefined;
}

export type TaskEvent =
  | { readonly type: 'assigned'; readonly robotId: string }
  | { readonly type: 'sent' }
  | { readonly type: 'acknowledged' }
  /** The robot took no order now: it may later. */
  | { readonly type: 'robot_was_busy' }
  | { readonly type: 'step_done' }
  /** The robot says so of the step it was at. */
  | { readonly type: 'step_failed'; readonly code: TaskError; readonly message: string }
  /** It cannot go on, whatever it is at. */
  | { readonly type: 'failed'; readonly code: TaskError; readonly message: string }
  | { readonly type: 'waits'; readonly reason: TaskReason }
  /** The step that its robot was away for has reached it. */
  | { readonly type: 'reached' }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'cancel' }
  | { readonly type: 'preempted' };

/** What an event makes of a task. */
export interface Move {
  readonly task: Omit<TaskState, 'step'>;
  /** What becomes of the step that was the current one; undefined: it stays as it is. */
  readonly step: StepStatus | undefined;
  /** Every step that is not over by then is CANCELED. */
  readonly dropsRest: boolean;
  /** The robot may be at a step that is no longer wanted. */
  readonly stops: boolean;
}

/** Undefined: the event changes nothing, because it came twice, late or out of order. */
export function move(state: TaskState, event: TaskEvent): Move | undefined {
  const { step, ...task } = state;
  switch (event.type) {
    case 'assigned':
      if (task.status !== 'QUEUED') return undefined;
      return changed({ ...task, status: 'RUNNING', robotId: event.robotId });
    case 'sent':
      if (task.status !== 'RUNNING' || step !== 'PENDING' || task.pauseRequested) return undefined;
      return changed({ ...task, reason: null }, 'SENT');
    case 'acknowledged':
      if (task.status !== 'RUNNING' || step !== 'SENT') return undefined;
      return changed({ ...task, reason: null }, 'RUNNING');
    case 'robot_was_busy':
      if (task.status !== 'RUNNING' || step !== 'SENT') return undefined;
      return changed(atBoundary({ ...task, reason: 'robot_busy' }), 'PENDING');
    case 'step_done':
      return task.status === 'RUNNING' && isUnderWay(step) ? stepDone(task) : undefined;
    case 'step_failed':
      return task.status === 'RUNNING' && isUnderWay(step) ? failed(state, event) : undefined;
    case 'failed':
      return isOver(task.status) ? undefined : failed(state, event);
    case 'waits':
      if (task.status !== 'RUNNING' || task.reason === event.reason) return undefined;
      // Once acknowledged it waits for nothing.
      return step === 'PENDING' || step === 'SENT' ? changed({ ...task, reason: event.reason }) : undefined;
    case 'reached':
      if (task.status !== 'RUNNING' || step !== 'SENT' || task.reason === null) return undefined;
      return changed({ ...task, reason: null });
    case 'pause':
      return pause(state);
    case 'resume':
      return resume(task);
    case 'cancel':
      if (isOver(task.status)) return undefined;
      return { ...changed({ ...ended(task), status: 'CANCELED' }), dropsRest: true, stops: isUnderWay(step) };
    case 'preempted':
      if (task.status !== 'RUNNING') return undefined;
      return {
        ...changed(paused(task, 'preempted'), isUnderWay(step) ? 'PENDING' : undefined),
        stops: isUnderWay(step),
      };
    default:
      return event satisfies never;
  }
}

type Task = Move['task'];
type Failure = Extract<TaskEvent, { type: 'failed' | 'step_failed' }>;

function changed(task: Task, step?: StepStatus): Move {
  return { task, step, dropsRest: false, stops: false };
}

function stepDone(task: Task): Move {
  const next = { ...task, currentStep: task.currentStep + 1, reason: null };
  if (next.currentStep === task.totalSteps) return changed({ ...ended(next), status: 'DONE' }, 'DONE');
  return changed(atBoundary(next), 'DONE');
}

/** Between two steps: where a pause that was asked for begins. */
function atBoundary(task: Task): Task {
  return task.pauseRequested ? paused(task, 'requested') : task;
}

/** No robot carries on after a failed step. */
function failed({ step, ...task }: TaskState, { code, message }: Failure): Move {
  const over = { ...ended(task), status: 'FAILED', errorCode: code, errorMessage: message } as const;
  const stepFails = task.status === 'RUNNING' && step !== undefined;
  return {
    ...changed(over, stepFails ? 'FAILED' : undefined),
    dropsRest: true,
    stops: isUnderWay(step),
  };
}

function pause({ step, ...task }: TaskState): Move | undefined {
  if (task.status !== 'RUNNING' || task.pauseRequested) return undefined;
  return changed(isUnderWay(step) ? { ...task, pauseRequested: true } : paused(task, 'requested'));
}

function resume(task: Task): Move | undefined {
  if (task.status === 'PAUSED') return changed({ ...task, status: 'RUNNING', reason: null });
  if (task.status !== 'RUNNING' || !task.pauseRequested) return undefined;
  return changed({ ...task, pauseRequested: false });
}

const paused = (task: Task, reason: TaskReason): Task => ({
  ...task,
  status: 'PAUSED',
  reason,
  pauseRequested: false,
});
const ended = (task: Task): Task => ({ ...task, reason: null, pauseRequested: false });
