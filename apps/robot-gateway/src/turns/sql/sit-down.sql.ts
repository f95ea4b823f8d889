/**
 * $1 robot, $2 turn, $3 token hash. The driver of a running turn arrives. The row stays locked until the lease is taken
 * in the same transaction: the end of the turn comes wholly before (no row here) or wholly after.
 */
export const SIT_DOWN = `
  UPDATE robots.turn SET driver_seen_at = clock_timestamp()
  WHERE robot_id = $1 AND turn = $2 AND token_hash = $3 AND ended_at IS NULL AND expires_at > clock_timestamp()
  RETURNING user_id
`;
