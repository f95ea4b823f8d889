/** $1 robot. A new epoch that nobody holds: whatever was sent under an older one is refused from here on. */
export const END_LEASE = `
  UPDATE robots.lease SET
    epoch = epoch + 1, holder_kind = 'none', holder = NULL, holder_name = NULL, turn = NULL, token_hash = NULL,
    user_id = NULL, expires_at = NULL, updated_at = clock_timestamp()
  WHERE robot_id = $1
  RETURNING epoch
`;
