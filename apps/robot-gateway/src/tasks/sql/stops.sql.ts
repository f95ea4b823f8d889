/** $1 robot. CANCELs that it has not confirmed. */
export const READ_STOPS = `
  SELECT task_id, stop_command_id,
    extract(epoch FROM clock_timestamp() - stop_since)::float8 * 1000 AS since_ms,
    extract(epoch FROM clock_timestamp() - stop_tried_at)::float8 * 1000 AS tried_ms,
    extract(epoch FROM clock_timestamp() - stop_sent_at)::float8 * 1000 AS sent_ms
  FROM robots.task WHERE robot_id = $1 AND stop_command_id IS NOT NULL
`;

/** $1 CANCELs. They are tried once more: others keep their hands off them for a while. */
export const TRY_STOPS = `
  UPDATE robots.task SET stop_tried_at = clock_timestamp() WHERE stop_command_id = ANY ($1::uuid[])
`;

/** $1 CANCELs. They are on the robot's socket. */
export const STOPS_SENT = `
  UPDATE robots.task SET stop_sent_at = clock_timestamp() WHERE stop_command_id = ANY ($1::uuid[])
`;

/** $1 CANCELs. Rows come back for those that were open. */
export const SETTLE_STOPS = `
  UPDATE robots.task SET stop_command_id = NULL, stop_since = NULL, stop_tried_at = NULL, stop_sent_at = NULL
  WHERE stop_command_id = ANY ($1::uuid[])
  RETURNING robot_id, task_id
`;
