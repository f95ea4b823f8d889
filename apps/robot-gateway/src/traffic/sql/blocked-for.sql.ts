/** $1 robot. What live locks of others keep it out of. */
export const BLOCKED_FOR = `
  SELECT node_ids, path_ids FROM robots.traffic_lock
  WHERE ended_at IS NULL AND expires_at > clock_timestamp() AND robot_id <> $1
`;
