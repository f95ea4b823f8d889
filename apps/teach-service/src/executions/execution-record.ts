import type { AskTaskCreate, ExecutionStatus, ExecutionView } from '@teleop/contracts';
import type { ExecutionState } from './domain/execution-machine';

/** A row of teach.mission_execution, without the question to robot-gateway. */
export interface ExecutionRow {
  readonly execution_id: string;
  /** bigint: text. */
  readonly execution_no: string;
  readonly mission_id: string;
  readonly mission_version: number;
  readonly robot_id: string | null;
  readonly task_id: string;
  readonly task_created_at: Date | null;
  readonly task_version: number;
  readonly task_cancel_pending: boolean;
  readonly status: ExecutionStatus;
  readonly paused: boolean;
  readonly reason: string | null;
  readonly current_step: number;
  readonly total_steps: number;
  readonly created_by: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly last_update_at: Date;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

export interface NewExecution {
  readonly executionId: string;
  readonly robotId: string | null;
  /** The question to robot-gateway, with the id of the task to be. */
  readonly request: AskTaskCreate & { readonly missionVersion: number };
}

export function stateOf(row: ExecutionRow): ExecutionState {
  return {
    status: row.status,
    robotId: row.robot_id,
    paused: row.paused,
    reason: row.reason,
    currentStep: row.current_step,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    taskVersion: row.task_version,
  };
}

export function executionViewOf(row: ExecutionRow): ExecutionView {
  return {
    executionId: row.execution_id,
    missionId: row.mission_id,
    missionVersion: row.mission_version,
    robotId: row.robot_id,
    taskId: row.task_created_at === null ? null : row.task_id,
    status: row.status,
    paused: row.paused,
    reason: row.reason,
    currentStep: row.current_step,
    totalSteps: row.total_steps,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    lastUpdateAt: row.last_update_at.toISOString(),
    errorCode: row.error_code,
    errorMessage: row.error_message,
  };
}
