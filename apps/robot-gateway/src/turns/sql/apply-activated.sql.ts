/** $1 robot, $2 turn, $3 token hash, $4 user, $5 expires at. A row back means that the turn is new here. */
export const APPLY_ACTIVATED = `
  INSERT INTO robots.turn AS known (robot_id, turn, token_hash, user_id, expires_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (robot_id) DO UPDATE SET
    turn = excluded.turn, token_hash = excluded.token_hash, user_id = excluded.user_id,
    expires_at = excluded.expires_at,
    ended_at = NULL, end_reason = NULL, driver_seen_at = NULL, inactive_at = NULL
  WHERE excluded.turn > known.turn
  RETURNING turn
`;
