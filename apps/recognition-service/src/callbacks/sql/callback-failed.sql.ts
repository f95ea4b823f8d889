export const CALLBACK_FAILED = `
  UPDATE recognition.sessions
  SET failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp())
  WHERE id = $1 AND status = 'RUNNING'
  RETURNING failures, (extract(epoch FROM clock_timestamp() - failing_since) * 1000)::float8 AS failing_ms`;
