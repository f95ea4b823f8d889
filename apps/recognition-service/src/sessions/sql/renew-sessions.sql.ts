/** Those that are still ours, with how their cameras are. A session that is not returned has ended or gone to another. */
export const RENEW_SESSIONS = `
  UPDATE recognition.sessions s
  SET lease_until = clock_timestamp() + $2::int * interval '1 millisecond', live = v.live
  FROM jsonb_to_recordset($3) AS v (id uuid, live jsonb)
  WHERE s.id = v.id AND s.owner = $1 AND (s.status <> 'STOPPED' OR s.farewell_until > clock_timestamp())
  RETURNING s.id, s.status`;
