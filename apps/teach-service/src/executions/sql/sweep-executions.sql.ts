/**
 * $1 execution. Whoever gets the question back asks it; nobody does once the execution is over or its task is known. When it
 * was asked is remembered first: until its deadline has passed the task may come to be.
 */
export const ASK_TASK = `
  UPDATE teach.mission_execution SET task_asked_at = clock_timestamp()
  WHERE execution_id = $1 AND task_created_at IS NULL AND finished_at IS NULL
  RETURNING task_request_json AS request
`;

/** $1 milliseconds since it was asked, or made, $2 milliseconds after which it is given up. Executions without a task. */
export const READ_UNASKED = `
  SELECT execution_id, created_at <= clock_timestamp() - make_interval(secs => $2::float8 / 1000) AS hopeless
  FROM teach.mission_execution
  WHERE task_created_at IS NULL AND finished_at IS NULL
    AND coalesce(task_asked_at, created_at) <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)
  ORDER BY execution_no
  LIMIT 50
`;

/** $1 milliseconds since anything was heard. */
export const READ_SILENT = `
  SELECT execution_id, task_id FROM teach.mission_execution
  WHERE finished_at IS NULL AND task_created_at IS NOT NULL
    AND greatest(last_update_at, task_asked_at) <= clock_timestamp() - make_interval(secs => $1::float8 / 1000)
  ORDER BY last_update_at
  LIMIT 50
`;

/** $1 execution. Its task is asked for just now. */
export const LOOKED_AT = `
  UPDATE teach.mission_execution SET task_asked_at = clock_timestamp()
  WHERE execution_id = $1 AND finished_at IS NULL
`;

/** $1 milliseconds after which a question that was asked can have no effect any more. */
export const READ_CANCEL_PENDING = `
  SELECT execution_id, task_id,
    coalesce(task_asked_at, created_at) <= clock_timestamp() - make_interval(secs => $1::float8 / 1000) AS settled
  FROM teach.mission_execution
  WHERE task_cancel_pending
  LIMIT 50
`;
