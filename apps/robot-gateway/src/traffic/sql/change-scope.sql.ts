/** $1 lock, $2 nodes, $3 paths, $4 whether it gives something up. No row back: it is over. */
export const CHANGE_SCOPE = `
  UPDATE robots.traffic_lock SET
    node_ids = $2, path_ids = $3, freed_at = CASE WHEN $4::boolean THEN clock_timestamp() ELSE freed_at END
  WHERE lock_id = $1 AND ended_at IS NULL AND expires_at > clock_timestamp()
  RETURNING *
`;
