/** $1 user. */
export const CONTROL_HISTORY = `
  SELECT robot_id, issued_at, controlled_end_time, controlled_hours::float8 AS controlled_hours, reward_points
  FROM teleop.tele_op_control_history WHERE user_id = $1 ORDER BY issued_at DESC, id DESC
`;

/** $1 user, $2 control token. */
export const SESSION_ROW = `
  SELECT id::int AS id, user_id, robot_id, control_token, issued_at, expires_at, controlled_end_time,
    controlled_hours::float8 AS controlled_hours, reward_points, controlled_status,
    controlled_result::text AS controlled_result
  FROM teleop.tele_op_control_history WHERE user_id = $1 AND control_token = $2
`;
