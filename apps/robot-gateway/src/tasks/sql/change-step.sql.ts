/** $1 task, $2 position, $3 status, $4 reason. */
export const CHANGE_STEP = `
  UPDATE robots.task_step SET
    status = $3, reason = coalesce($4, reason),
    finished_at = CASE WHEN $3::text IN ('DONE', 'FAILED', 'CANCELED') THEN clock_timestamp() END
  WHERE task_id = $1 AND position = $2
  RETURNING type, extract(epoch FROM clock_timestamp() - delivered_at)::float8 AS seconds
`;

/** $1 task. Whatever of it is not over. */
export const DROP_STEPS = `
  UPDATE robots.task_step SET status = 'CANCELED', finished_at = clock_timestamp()
  WHERE task_id = $1 AND finished_at IS NULL
`;
