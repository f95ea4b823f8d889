/** $1 robot or null, $2 how many, newest first. */
export const READ_RECORDINGS = `
  SELECT teach_session_id, robot_id, status, draft_mission_id, traffic_lock_id, locked_scope_json
  FROM teach.teach_session
  WHERE status = 'RECORDING' AND ($1::text IS NULL OR robot_id = $1)
  ORDER BY session_no DESC
  LIMIT $2
`;

/** $1 robot or null, $2 how many, newest first. Those that have no robot yet are everybody's. */
export const READ_UNDER_WAY = `
  SELECT execution_id, mission_id, robot_id, CASE WHEN task_created_at IS NOT NULL THEN task_id END AS task_id,
    status, paused, current_step, total_steps, reason
  FROM teach.mission_execution
  WHERE finished_at IS NULL AND ($1::text IS NULL OR robot_id = $1 OR robot_id IS NULL)
  ORDER BY execution_no DESC
  LIMIT $2
`;
