/** $1 lock. No row back: it was over before, or never there. */
export const END_TRAFFIC_LOCK = `
  UPDATE robots.traffic_lock SET
    ended_at = clock_timestamp(), freed_at = clock_timestamp(),
    end_reason = CASE WHEN expires_at > clock_timestamp() THEN 'released' ELSE 'expired' END
  WHERE lock_id = $1 AND ended_at IS NULL
  RETURNING *
`;
