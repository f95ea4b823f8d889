/** All but the steps, which may be large. */
export const MISSION_COLUMNS = `
  mission_id, mission_no, name, description, version, revision, status, created_by, created_at, updated_at,
  required_has_hoist, required_has_telescope, required_has_rotate, required_has_grip, required_capabilities_json,
  estimated_action_time_seconds, source_mission_id, last_teach_robot_id, jsonb_array_length(steps_json) AS steps_count
`;
