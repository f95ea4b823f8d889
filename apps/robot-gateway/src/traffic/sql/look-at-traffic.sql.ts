/**
 * Whether a lock is overdue, and when one last gave something up: as text, because JavaScript's dates lose microseconds.
 * Changes commit in the order of freed_at (they hold the traffic's lock), so a newer one cannot hide behind it.
 */
export const LOOK_AT_TRAFFIC = `
  SELECT
    EXISTS (SELECT FROM robots.traffic_lock WHERE ended_at IS NULL AND expires_at <= clock_timestamp()) AS overdue,
    (SELECT max(freed_at) FROM robots.traffic_lock WHERE freed_at IS NOT NULL)::text AS freed_at
`;
