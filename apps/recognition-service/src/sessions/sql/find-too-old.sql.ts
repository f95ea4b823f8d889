export const FIND_TOO_OLD = `
  SELECT id, slot_id FROM recognition.sessions
  WHERE status = 'RUNNING' AND started_at < clock_timestamp() - $1::int * interval '1 hour'`;
