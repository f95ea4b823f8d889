/** $1 robot, $2 kind, $3 user, $4 milliseconds from now. The same holder goes on under the same epoch. */
export const RENEW_LEASE = `
  UPDATE robots.lease
  SET expires_at = clock_timestamp() + $4::float8 * interval '1 millisecond', updated_at = clock_timestamp()
  WHERE robot_id = $1 AND holder_kind = $2 AND user_id = $3 AND expires_at > clock_timestamp()
  RETURNING epoch
`;
