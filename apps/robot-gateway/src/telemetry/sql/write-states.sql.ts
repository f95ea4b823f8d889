/** $1 robots, $2 states, $3 milliseconds since each came. One statement for all; an older one never replaces a newer. */
export const WRITE_STATES = `
  UPDATE robots.robot AS robot
  SET last_state = seen.state, last_state_at = clock_timestamp() - seen.age_ms * interval '1 millisecond'
  FROM unnest($1::text[], $2::jsonb[], $3::float8[]) AS seen (robot_id, state, age_ms)
  WHERE robot.robot_id = seen.robot_id
    AND (robot.last_state_at IS NULL
      OR robot.last_state_at < clock_timestamp() - seen.age_ms * interval '1 millisecond')
`;
