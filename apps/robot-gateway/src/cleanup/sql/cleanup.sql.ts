/** Robots whose lease by hand, or whose lock, has run out and is still written. */
export const EXPIRED = `
  SELECT robot_id FROM robots.lease
  WHERE holder_kind IN ('drive_lock', 'preemption', 'teach') AND expires_at <= clock_timestamp()
  UNION
  SELECT robot_id FROM robots.drive_lock WHERE expires_at <= clock_timestamp()
`;

/** $1 robot. */
export const DROP_EXPIRED_LOCK = `
  DELETE FROM robots.drive_lock WHERE robot_id = $1 AND expires_at <= clock_timestamp()
`;

/** $1 days, $2 at most. Finished long ago. */
export const FORGET_ROUTES = `
  DELETE FROM robots.route WHERE route_id IN (
    SELECT route_id FROM robots.route
    WHERE finished_at < clock_timestamp() - $1::int * interval '1 day' LIMIT $2
  )
`;

/** $1 days, $2 at most. Settled long ago. */
export const FORGET_COMMANDS = `
  DELETE FROM robots.command WHERE command_id IN (
    SELECT command_id FROM robots.command
    WHERE settled_at < clock_timestamp() - $1::int * interval '1 day' LIMIT $2
  )
`;

/** $1 robots that this process has not heard of for long, $2 milliseconds. Nobody else has either, as far as is written. */
export const STALE_ROBOTS = `
  SELECT robot_id FROM robots.robot
  WHERE robot_id = ANY ($1::text[])
    AND (last_state_at IS NULL OR last_state_at < clock_timestamp() - $2::float8 * interval '1 millisecond')
`;
