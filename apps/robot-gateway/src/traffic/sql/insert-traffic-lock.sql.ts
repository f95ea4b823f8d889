/** $1 lock, $2 robot, $3 purpose, $4 nodes, $5 paths, $6 seconds to live, $7 correlation id. */
export const INSERT_TRAFFIC_LOCK = `
  INSERT INTO robots.traffic_lock (lock_id, robot_id, purpose, node_ids, path_ids, ttl_seconds, correlation_id, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6::integer, $7, clock_timestamp() + make_interval(secs => $6::integer))
  RETURNING *
`;
