/**
 * The backend has it: the student counts as recognised, and failures are forgotten. Also when the callback was dropped while
 * it was on its way.
 */
export const CALLBACK_TAKEN = `
  WITH taken AS (
    DELETE FROM recognition.callbacks WHERE seq = $1
  ), told AS (
    UPDATE recognition.recognitions SET delivered_at = clock_timestamp()
    WHERE session_id = $2 AND user_id = $3::bigint AND delivered_at IS NULL
  )
  UPDATE recognition.sessions SET failures = 0, failing_since = NULL WHERE id = $2 AND failures > 0`;
