/** $1 robot, $2 lock, $3 until. No row back: the lease is not this lock's (any more), or its time was up. */
export const RENEW_TEACH_LEASE = `
  UPDATE robots.lease SET expires_at = $3, updated_at = clock_timestamp()
  WHERE robot_id = $1 AND holder_kind = 'teach' AND holder = $2 AND expires_at > clock_timestamp()
  RETURNING epoch
`;
