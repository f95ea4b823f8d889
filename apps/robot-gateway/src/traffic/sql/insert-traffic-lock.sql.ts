/**
 * $1 lock, $2 robot, $3 purpose, $4 nodes, $5 paths, $6 seconds to live, $7 correlation id, $8 teacher, $9 his name.
 * Ends are whole milliseconds, which is what JavaScript's dates hold: a teach lease ends at the very same moment.
 */
export const INSERT_TRAFFIC_LOCK = `
  INSERT INTO robots.traffic_lock (lock_id, robot_id, purpose, node_ids, path_ids, ttl_seconds, correlation_id,
    teacher_id, teacher_name, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6::integer, $7, $8::uuid, $9,
    date_trunc('milliseconds', clock_timestamp() + make_interval(secs => $6::integer)))
  RETURNING *
`;
