export const SESSION_COLUMNS = `
  teach_session_id, session_no, robot_id, status, mission_name, created_by, created_by_name, created_at, started_at,
  finished_at, draft_mission_id, traffic_lock_id, failure_reason, region_json, scope_json, locked_scope_json, correlation_id
`;
