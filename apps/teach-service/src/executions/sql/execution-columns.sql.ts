/** All but the question to robot-gateway, which may be large. */
export const EXECUTION_COLUMNS = `
  execution_id, execution_no, mission_id, mission_version, robot_id, task_id, task_created_at, task_version,
  task_cancel_pending, status, paused, reason, current_step, total_steps, created_by, created_at, started_at, finished_at,
  last_update_at, error_code, error_message
`;
