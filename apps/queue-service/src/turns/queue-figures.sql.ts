/**
 * The state of all queues in one row. Live rows only: they have an index of their own, however many have ended. $1 session
 * seconds. A wait ends with the turn; those who drive now had theirs most recently.
 */
export const QUEUE_FIGURES = `
  WITH live AS (
    SELECT robot_id, status, created_at, activated_at FROM teleop.robot_queue WHERE status IN ('waiting', 'active')
  )
  SELECT count(*) FILTER (WHERE status = 'waiting')::int AS waiting,
    count(*) FILTER (WHERE status = 'active')::int AS active,
    coalesce((SELECT max(n) FROM (SELECT count(*) AS n FROM live WHERE status = 'waiting' GROUP BY robot_id) q), 0)::int
      AS longest,
    coalesce(max(extract(epoch FROM clock_timestamp() - created_at)) FILTER (WHERE status = 'waiting'), 0)::float8
      AS oldest_wait_seconds,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM activated_at - created_at))
      FILTER (WHERE status = 'active'), 0)::float8 AS median_wait_seconds,
    coalesce(percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM activated_at - created_at))
      FILTER (WHERE status = 'active'), 0)::float8 AS p95_wait_seconds,
    greatest(0, coalesce(max(extract(epoch FROM clock_timestamp() - activated_at) - $1::int)
      FILTER (WHERE status = 'active'), 0))::float8 AS overdue_seconds,
    (SELECT count(DISTINCT w.robot_id) FROM live w WHERE w.status = 'waiting'
      AND NOT EXISTS (SELECT 1 FROM live a WHERE a.robot_id = w.robot_id AND a.status = 'active'))::int AS standing_free
  FROM live
`;
