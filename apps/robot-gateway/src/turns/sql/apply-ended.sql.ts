/** $1 robot, $2 turn, $3 token hash, $4 user, $5 ended at, $6 reason. A row back means that the end is new here. */
export const APPLY_ENDED = `
  INSERT INTO robots.turn AS known (robot_id, turn, token_hash, user_id, ended_at, end_reason)
  VALUES ($1, $2, $3, $4, coalesce($5::timestamptz, clock_timestamp()), $6)
  ON CONFLICT (robot_id) DO UPDATE SET
    turn = excluded.turn, token_hash = excluded.token_hash, user_id = excluded.user_id,
    expires_at = CASE WHEN known.turn = excluded.turn THEN known.expires_at END,
    ended_at = excluded.ended_at, end_reason = excluded.end_reason,
    driver_seen_at = CASE WHEN known.turn = excluded.turn THEN known.driver_seen_at END,
    inactive_at = CASE WHEN known.turn = excluded.turn THEN known.inactive_at END
  WHERE excluded.turn > known.turn OR (excluded.turn = known.turn AND known.ended_at IS NULL)
  RETURNING turn
`;
