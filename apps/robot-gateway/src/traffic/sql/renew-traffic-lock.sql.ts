/** $1 lock, $2 seconds to live or null for what it had. No row back: it is over, and a heartbeat does not wake it. */
export const RENEW_TRAFFIC_LOCK = `
  UPDATE robots.traffic_lock SET
    ttl_seconds = coalesce($2::integer, ttl_seconds),
    expires_at = date_trunc('milliseconds', clock_timestamp() + make_interval(secs => coalesce($2::integer, ttl_seconds)))
  WHERE lock_id = $1 AND ended_at IS NULL AND expires_at > clock_timestamp()
  RETURNING *
`;
