/**
 * $1 robots, $2 states, $3 milliseconds since each came, $4 `written_at` of what this process wrote of each last, or null. One
 * statement for all, in one order on all replicas, which else would wait for each other. What another replica has written is only
 * replaced by what came later; our own always, as times are only as exact as the way to the database was quick. Rows: what was
 * written.
 */
export const WRITE_STATES = `
  WITH held AS (SELECT robot_id FROM robots.robot WHERE robot_id = ANY ($1::text[]) ORDER BY robot_id FOR NO KEY UPDATE)
  UPDATE robots.robot AS robot
  SET last_state = seen.state, last_state_at = clock_timestamp() - seen.age_ms * interval '1 millisecond'
  FROM unnest($1::text[], $2::jsonb[], $3::float8[], $4::timestamptz[]) AS seen (robot_id, state, age_ms, written_at)
  WHERE robot.robot_id = seen.robot_id AND robot.robot_id IN (SELECT robot_id FROM held)
    AND (robot.last_state_at IS NOT DISTINCT FROM seen.written_at
      OR robot.last_state_at IS NULL
      OR robot.last_state_at < clock_timestamp() - seen.age_ms * interval '1 millisecond')
  RETURNING robot.robot_id, robot.last_state_at::text AS written_at
`;
