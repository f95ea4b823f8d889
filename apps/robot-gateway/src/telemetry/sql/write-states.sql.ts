/** $1 robots, $2 states, $3 milliseconds since each came. One statement for all, in one order on all
 * replicas, which else would wait for each other; an older one never replaces a newer. */
export const WRITE_STATES = `
  WITH held AS (SELECT robot_id FROM robots.robot WHERE robot_id = ANY ($1::text[]) ORDER BY robot_id FOR NO KEY UPDATE)
  UPDATE robots.robot AS robot
  SET last_state = seen.state, last_state_at = clock_timestamp() - seen.age_ms * interval '1 millisecond'
  FROM unnest($1::text[], $2::jsonb[], $3::float8[]) AS seen (robot_id, state, age_ms)
  WHERE robot.robot_id = seen.robot_id AND robot.robot_id IN (SELECT robot_id FROM held)
    AND (robot.last_state_at IS NULL
      OR robot.last_state_at < clock_timestamp() - seen.age_ms * interval '1 millisecond')
`;
