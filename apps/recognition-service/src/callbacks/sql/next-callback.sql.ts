/** The oldest that the backend has not taken, of a session that is ours and may still tell. */
export const NEXT_CALLBACK = `
  SELECT c.seq, c.id, c.user_id, c.payload,
    coalesce(extract(epoch FROM clock_timestamp() - s.failing_since) * 1000, 0)::float8 AS failing_ms
  FROM recognition.callbacks c JOIN recognition.sessions s ON s.id = c.session_id
  WHERE c.session_id = $1 AND s.owner = $2
    AND (s.status = 'RUNNING' OR (s.status = 'STOPPED' AND s.farewell_until > clock_timestamp()))
  ORDER BY c.seq
  LIMIT 1`;
