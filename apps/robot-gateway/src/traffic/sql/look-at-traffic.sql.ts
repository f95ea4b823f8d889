/**
 * Whether a lock is overdue, and when one last gave something up: as text, because JavaScript's dates lose microseconds.
 * Changes commit in the order of freed_at (they hold the traffic's lock), so a newer one cannot hide behind it.
 * `adrift`: live teach locks without the lease of their robot, and without an Admin's hand in between.
 */
export const LOOK_AT_TRAFFIC = `
  SELECT
    EXISTS (SELECT FROM robots.traffic_lock WHERE ended_at IS NULL AND expires_at <= clock_timestamp()) AS overdue,
    (SELECT max(freed_at) FROM robots.traffic_lock WHERE freed_at IS NOT NULL)::text AS freed_at,
    ARRAY(
      SELECT lock_id::text FROM robots.traffic_lock AS taught
      WHERE ended_at IS NULL AND purpose = 'teach' AND expires_at > clock_timestamp() AND NOT EXISTS (
        SELECT FROM robots.lease
        WHERE robot_id = taught.robot_id AND expires_at > clock_timestamp()
          AND (holder_kind = 'preemption' OR holder_kind = 'teach' AND holder = taught.lock_id::text)
      )
    ) AS adrift
`;
