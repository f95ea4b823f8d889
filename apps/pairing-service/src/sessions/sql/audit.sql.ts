/** $1 session, $2 device, $3 app connection, $4 the app's address, $5 hash of the token. */
export const SESSION_BEGINS = `
  INSERT INTO pairing.session (session_id, device_id, app_connection_id, app_address, token_sha256)
  VALUES ($1, $2, $3, $4, $5)
`;

/** $1 session: it never began. */
export const SESSION_CAME_TO_NOTHING = 'DELETE FROM pairing.session WHERE session_id = $1';

/**
 * $1 sessions, $2 role of their sides ('device' or 'app'), $3 messages and $4 bytes it sent in all. Each replica knows its own
 * sides; a total is written, so writing it twice changes nothing.
 */
export const SESSIONS_SEEN = `
  UPDATE pairing.session AS session SET
    seen_at = clock_timestamp(),
    device_messages = CASE $2::text WHEN 'device' THEN greatest(device_messages, seen.messages) ELSE device_messages END,
    device_bytes = CASE $2::text WHEN 'device' THEN greatest(device_bytes, seen.bytes) ELSE device_bytes END,
    app_messages = CASE $2::text WHEN 'app' THEN greatest(app_messages, seen.messages) ELSE app_messages END,
    app_bytes = CASE $2::text WHEN 'app' THEN greatest(app_bytes, seen.bytes) ELSE app_bytes END
  FROM unnest($1::uuid[], $3::bigint[], $4::bigint[]) AS seen (session_id, messages, bytes)
  WHERE session.session_id = seen.session_id
`;

/** $1 session, $2 reason. The first reason stays. */
export const SESSION_ENDS = `
  UPDATE pairing.session SET ended_at = clock_timestamp(), end_reason = $2
  WHERE session_id = $1 AND ended_at IS NULL
`;

/** $1 milliseconds. Sessions whose replicas died together tell nobody that they ended. */
export const CLOSE_LOST_SESSIONS = `
  UPDATE pairing.session SET ended_at = seen_at, end_reason = 'lost'
  WHERE ended_at IS NULL AND seen_at < clock_timestamp() - $1 * interval '1 millisecond'
  RETURNING session_id
`;
