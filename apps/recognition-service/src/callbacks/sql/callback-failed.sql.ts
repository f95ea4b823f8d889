/** `$2`: milliseconds since the callback was first tried; failing began then, not when its last attempt ended. */
export const CALLBACK_FAILED = `
  UPDATE recognition.sessions
  SET failures = failures + 1,
    failing_since = coalesce(failing_since, clock_timestamp() - $2::float8 * interval '1 millisecond')
  WHERE id = $1 AND status = 'RUNNING'
  RETURNING failures, (extract(epoch FROM clock_timestamp() - failing_since) * 1000)::float8 AS failing_ms`;
