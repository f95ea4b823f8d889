import type { TaskDetail, TaskProgress, TaskStepView, TaskView } from '@teleop/contracts';
import type { StepRow, TaskRow } from './task-record';

/** What is announced: fields that say nothing are left out. */
export function progressOf(row: TaskRow): TaskProgress {
  const robotId = row.robot_id ?? row.requested_robot_id;
  return {
    taskId: row.task_id,
    missionId: row.mission_id,
    status: row.status,
    currentStep: row.current_step,
    totalSteps: row.total_steps,
    version: row.version,
    ...(row.mission_version !== null && { missionVersion: row.mission_version }),
    ...(robotId !== null && { robotId }),
    ...(row.step_id !== null && { stepId: row.step_id }),
    ...(row.step_status !== null && { stepStatus: row.step_status }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.error_code !== null && { errorCode: row.error_code }),
    ...(row.error_message !== null && { errorMessage: row.error_message }),
    ...(row.correlation_id !== null && { correlationId: row.correlation_id }),
  };
}

export function viewOf(row: TaskRow): TaskView {
  return {
    taskId: row.task_id,
    missionId: row.mission_id,
    missionVersion: row.mission_version,
    status: row.status,
    robotId: row.robot_id ?? row.requested_robot_id,
    requestedRobotId: row.requested_robot_id,
    requiredCapabilities: [...row.demands.capabilities],
    currentStep: row.current_step,
    totalSteps: row.total_steps,
    stepId: row.step_id,
    stepStatus: row.step_status,
    reason: row.reason,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    pauseRequested: row.pause_requested,
    version: row.version,
    correlationId: row.correlation_id,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
  };
}

export function detailOf(row: TaskRow, steps: readonly StepRow[]): TaskDetail {
  return { ...viewOf(row), steps: steps.map(stepViewOf) };
}

function stepViewOf(row: StepRow): TaskStepView {
  return {
    position: row.position,
    stepId: row.step_id,
    type: row.type,
    payload: row.payload,
    requiredTimeSeconds: row.required_time_s,
    status: row.status,
    timeoutSeconds: row.timeout_s,
    path: row.path,
    sentAt: iso(row.sent_at),
    finishedAt: iso(row.finished_at),
    reason: row.reason,
  };
}

const iso = (moment: Date | null): string | null => moment?.toISOString() ?? null;
