/** $1 robot, $2 kind, $3 holder or null for any, $4 turn up to which, or null. Frees the lease if it is still theirs. */
export const RELEASE_LEASE = `
  UPDATE robots.lease SET
    epoch = epoch + 1, holder_kind = 'none', holder = NULL, holder_name = NULL, turn = NULL, token_hash = NULL, user_id = NULL,
    expires_at = NULL, updated_at = clock_timestamp()
  WHERE robot_id = $1 AND holder_kind = $2
    AND ($3::text IS NULL OR holder = $3)
    AND ($4::bigint IS NULL OR turn <= $4)
  RETURNING epoch
`;
