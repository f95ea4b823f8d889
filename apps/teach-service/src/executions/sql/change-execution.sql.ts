import { EXECUTION_COLUMNS } from './execution-columns.sql';

/**
 * $1 execution, $2 status, $3 robot, $4 paused, $5 reason, $6 current step, $7 error code, $8 error message, $9 version of
 * the task, $10 the task is known to exist, $11 the task is to be canceled.
 */
export const CHANGE_EXECUTION = `
  UPDATE teach.mission_execution SET
    status = $2, robot_id = $3, paused = $4, reason = $5, current_step = $6, error_code = $7, error_message = $8,
    task_version = $9,
    task_created_at = CASE WHEN $10::boolean THEN coalesce(task_created_at, clock_timestamp()) ELSE task_created_at END,
    task_request_json = CASE WHEN $10::boolean OR $2::text IN ('DONE', 'FAILED', 'CANCELED') THEN NULL ELSE task_request_json END,
    task_cancel_pending = $11,
    started_at = CASE WHEN $2::text IN ('RUNNING', 'DONE') THEN coalesce(started_at, clock_timestamp()) ELSE started_at END,
    finished_at = CASE WHEN $2::text IN ('DONE', 'FAILED', 'CANCELED') THEN clock_timestamp() END,
    last_update_at = clock_timestamp()
  WHERE execution_id = $1
  RETURNING ${EXECUTION_COLUMNS}
`;

/** $1 execution, $2 robot or null. Its task exists. */
export const LINK_TASK = `
  UPDATE teach.mission_execution SET
    task_created_at = coalesce(task_created_at, clock_timestamp()), task_request_json = NULL,
    robot_id = coalesce(robot_id, $2), last_update_at = clock_timestamp()
  WHERE execution_id = $1 AND task_created_at IS NULL
  RETURNING ${EXECUTION_COLUMNS}
`;

/** $1 execution. The task of an execution that ended here is canceled, or will never be. */
export const CANCEL_SETTLED = `
  UPDATE teach.mission_execution SET task_cancel_pending = false WHERE execution_id = $1
`;
