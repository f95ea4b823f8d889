/** Who was where goes with the pictures of it. */
export const SWEEP_SESSIONS = `
  DELETE FROM recognition.sessions
  WHERE status = 'STOPPED' AND stopped_at < clock_timestamp() - $1::int * interval '1 day'`;
