import type { StepStatus, TaskError, TaskReason, TaskStatus } from '@teleop/contracts';

/** A task that runs, and everything around it that decides what is to be done about it now. Times in milliseconds. */
export interface RunningTask {
  readonly status: TaskStatus;
  /** Undefined: all are done. */
  readonly step: StepAttempt | undefined;
  /** Since its next step could have been sent. */
  readonly waitingMs: number;
  /** Somebody holds the robot by lease or lock. */
  readonly held: boolean;
  /** It has another order: a route of the queue, or a person's that it has said nothing since. */
  readonly ordered: boolean;
  /** Something that was canceled on the robot is not confirmed to have stopped. */
  readonly stopping: boolean;
  readonly robot: RobotSaid | undefined;
  /** The way to where the step leads: `blocked` by others, or not to be blocked. */
  readonly way: 'free' | 'blocked';
}

export interface StepAttempt {
  readonly status: StepStatus;
  readonly commandId: string | null;
  /** Since it was decided to send it; undefined while it is PENDING. */
  readonly sentMs: number | undefined;
  /** Since it was last tried. */
  readonly triedMs: number | undefined;
  /** It was put on the robot's socket, for all that is known. */
  readonly delivered: boolean;
  /** Its time is over. */
  readonly overdue: boolean;
}

/** Telemetry, when it is fresh. */
export interface RobotSaid {
  readonly driveMode: unknown;
  /** The command it is at or was at last. */
  readonly commandId: string | undefined;
}

export interface TaskTimes {
  /** An undelivered step is tried this often, and fails after `offlineMs`. */
  readonly retryMs: number;
  readonly offlineMs: number;
  /** A step that the robot did not acknowledge is sent again after this. */
  readonly resendMs: number;
  /** One that it acknowledged, and says nothing of. */
  readonly remindMs: number;
  /** A step may wait this long for its robot and its way. */
  readonly waitMs: number;
}

export type NextAction =
  | { readonly do: 'nothing' }
  | { readonly do: 'send' }
  | { readonly do: 'send_again' }
  | { readonly do: 'wait'; readonly reason: TaskReason }
  | { readonly do: 'preempt' }
  | { readonly do: 'fail'; readonly code: TaskError; readonly message: string };

const NOTHING: NextAction = { do: 'nothing' };
/** It follows somebody else's order. Of any other mode, also one we do not know, it is told its step. */
const BUSY_MODES: ReadonlySet<unknown> = new Set(['NAVIGATING', 'MANUAL']);

/** What to do about a task now. Asking again and again leads to the same end: nothing depends on having asked in time. */
export function nextAction(task: RunningTask, times: TaskTimes): NextAction {
  const { status, step } = task;
  if (status !== 'RUNNING' || step === undefined) return NOTHING;
  switch (step.status) {
    case 'PENDING':
      return beforeStep(task, times);
    case 'SENT':
      if (task.held) return { do: 'preempt' };
      return step.delivered ? untilAcknowledged(step, times) : untilDelivered(step, times);
    case 'RUNNING':
      if (task.held) return { do: 'preempt' };
      return whileRunning(step, task.robot, times);
    case 'DONE':
    case 'FAILED':
    case 'CANCELED':
      return NOTHING;
    default:
      return step.status satisfies never;
  }
}

function beforeStep(task: RunningTask, { waitMs }: TaskTimes): NextAction {
  const reason = obstacle(task);
  if (reason === undefined) return { do: 'send' };
  if (task.waitingMs < waitMs) return { do: 'wait', reason };
  return { do: 'fail', code: 'wait_timeout', message: `the step could not begin: ${reason}` };
}

function obstacle(task: RunningTask): TaskReason | undefined {
  if (task.held) return 'robot_held';
  if (task.stopping) return 'robot_stopping';
  if (task.ordered || BUSY_MODES.has(task.robot?.driveMode)) return 'robot_busy';
  return task.way === 'blocked' ? 'traffic' : undefined;
}

function untilDelivered({ sentMs = 0, triedMs = 0 }: StepAttempt, times: TaskTimes): NextAction {
  if (sentMs >= times.offlineMs) {
    return { do: 'fail', code: 'robot_offline', message: 'the robot’s control socket is away' };
  }
  return triedMs >= times.retryMs ? { do: 'send_again' } : NOTHING;
}

function untilAcknowledged(step: StepAttempt, times: TaskTimes): NextAction {
  if (step.overdue) return TIMED_OUT;
  return (step.triedMs ?? 0) >= times.resendMs ? { do: 'send_again' } : NOTHING;
}

function whileRunning(step: StepAttempt, robot: RobotSaid | undefined, times: TaskTimes): NextAction {
  if (step.overdue) return TIMED_OUT;
  // It says itself that it is at it.
  if (robot?.commandId === step.commandId) return NOTHING;
  return (step.triedMs ?? 0) >= times.remindMs ? { do: 'send_again' } : NOTHING;
}

const TIMED_OUT: NextAction = {
  do: 'fail',
  code: 'step_timeout',
  message: 'the robot did not report the step done in time',
};
