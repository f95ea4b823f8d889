/** $1 robot, $2 user, $3 name, $4 role, $5 milliseconds from now. Takes the lock, also from another, or renews it. */
export const TAKE_LOCK = `
  INSERT INTO robots.drive_lock AS held (robot_id, user_id, holder_name, role, expires_at)
  VALUES ($1, $2, $3, $4, clock_timestamp() + $5::float8 * interval '1 millisecond')
  ON CONFLICT (robot_id) DO UPDATE SET
    acquired_at = CASE WHEN held.user_id = excluded.user_id THEN held.acquired_at ELSE excluded.acquired_at END,
    user_id = excluded.user_id, holder_name = excluded.holder_name, role = excluded.role,
    expires_at = excluded.expires_at
  RETURNING expires_at
`;

/** $1 robot, $2 user or null for any. */
export const DROP_LOCK = `DELETE FROM robots.drive_lock WHERE robot_id = $1 AND ($2::uuid IS NULL OR user_id = $2)`;

/** $1 robot, $2 user: the end of his lock. */
export const READ_LOCK_END = `
  SELECT expires_at, holder_name FROM robots.drive_lock
  WHERE robot_id = $1 AND user_id = $2 AND expires_at > clock_timestamp()
`;
