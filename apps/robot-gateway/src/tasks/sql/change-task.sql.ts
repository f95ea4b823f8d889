/**
 * $1 task, $2 status, $3 robot, $4 current step, $5 pause requested, $6 reason, $7 error code, $8 error message,
 * $9 id of the CANCEL that its robot is to be sent, or null.
 */
export const CHANGE_TASK = `
  UPDATE robots.task SET
    status = $2, robot_id = $3, current_step = $4, pause_requested = $5, reason = $6, error_code = $7, error_message = $8,
    version = version + 1,
    step_since = CASE
      WHEN $2::text = 'RUNNING' AND (status <> 'RUNNING' OR current_step <> $4::integer) THEN clock_timestamp()
      ELSE step_since
    END,
    started_at = CASE WHEN $2::text = 'RUNNING' THEN coalesce(started_at, clock_timestamp()) ELSE started_at END,
    finished_at = CASE WHEN $2::text IN ('DONE', 'FAILED', 'CANCELED') THEN clock_timestamp() END,
    stop_command_id = coalesce($9::uuid, stop_command_id),
    stop_since = CASE WHEN $9::uuid IS NULL THEN stop_since ELSE clock_timestamp() END,
    stop_tried_at = CASE WHEN $9::uuid IS NULL THEN stop_tried_at END,
    stop_sent_at = CASE WHEN $9::uuid IS NULL THEN stop_sent_at END
  WHERE task_id = $1
`;
