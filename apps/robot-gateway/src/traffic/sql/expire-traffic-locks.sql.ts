/** Ends, in writing, what nobody renewed in time. To everybody else these locks were over already. */
export const EXPIRE_TRAFFIC_LOCKS = `
  UPDATE robots.traffic_lock SET ended_at = clock_timestamp(), freed_at = clock_timestamp(), end_reason = 'expired'
  WHERE ended_at IS NULL AND expires_at <= clock_timestamp()
  RETURNING *
`;
