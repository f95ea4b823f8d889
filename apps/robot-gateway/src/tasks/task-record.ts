import type { StepStatus, StepType, TaskError, TaskReason, TaskStatus } from '@teleop/contracts';
import type { Demands } from './domain/demands';
import type { TaskState } from './domain/task-machine';

/** A task as its row says, beside the step that is next or under way. */
export interface TaskRow {
  readonly task_id: string;
  // bigint comes as text.
  readonly task_no: string;
  readonly mission_id: string;
  readonly mission_version: number | null;
  readonly requested_robot_id: string | null;
  readonly robot_id: string | null;
  readonly demands: Demands;
  readonly status: TaskStatus;
  readonly current_step: number;
  readonly total_steps: number;
  readonly pause_requested: boolean;
  readonly reason: TaskReason | null;
  readonly error_code: TaskError | null;
  readonly error_message: string | null;
  readonly created_by: string;
  readonly correlation_id: string | null;
  readonly version: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly waiting_ms: number | null;
  readonly stop_command_id: string | null;
  readonly step_id: string | null;
  readonly step_type: StepType | null;
  readonly step_payload: Record<string, unknown> | null;
  readonly required_time_s: number | null;
  readonly step_status: StepStatus | null;
  readonly command_id: string | null;
  readonly wire_step_id: string | null;
  readonly path: string[] | null;
  readonly timeout_s: number | null;
  readonly step_delivered: boolean;
  readonly step_overdue: boolean;
  readonly step_sent_ms: number | null;
  readonly step_tried_ms: number | null;
}

export interface StepRow {
  readonly position: number;
  readonly step_id: string;
  readonly type: StepType;
  readonly payload: Record<string, unknown>;
  readonly required_time_s: number | null;
  readonly status: StepStatus;
  readonly path: string[] | null;
  readonly timeout_s: number | null;
  readonly sent_at: Date | null;
  readonly finished_at: Date | null;
  readonly reason: string | null;
}

export function stateOf(row: TaskRow): TaskState {
  return {
    status: row.status,
    robotId: row.robot_id,
    currentStep: row.current_step,
    totalSteps: row.total_steps,
    pauseRequested: row.pause_requested,
    reason: row.reason,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    step: row.step_status ?? undefined,
  };
}
