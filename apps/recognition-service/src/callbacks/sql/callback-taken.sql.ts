/** The backend has it: the student counts as recognised, and failures are forgotten. */
export const CALLBACK_TAKEN = `
  WITH taken AS (
    DELETE FROM recognition.callbacks WHERE seq = $1 RETURNING session_id, user_id
  ), told AS (
    UPDATE recognition.recognitions r SET delivered_at = clock_timestamp()
    FROM taken t WHERE r.session_id = t.session_id AND r.user_id = t.user_id
  )
  UPDATE recognition.sessions s SET failures = 0, failing_since = NULL
  FROM taken t WHERE s.id = t.session_id AND s.failures > 0`;
