import { SESSION_COLUMNS } from './session-columns.sql';

/**
 * $1 replica, $2 milliseconds. Renews what it owns when half of the time is over, takes what nobody owns any more, and
 * shows all of it.
 */
export const KEEP_RECORDINGS = `
  WITH due AS (
    SELECT teach_session_id AS id FROM teach.teach_session
    WHERE status = 'RECORDING' AND (
      owner_until <= clock_timestamp()
      OR owner_id = $1 AND owner_until <= clock_timestamp() + $2::float8 / 2 * interval '1 millisecond'
    )
    FOR NO KEY UPDATE SKIP LOCKED
  ), kept AS (
    UPDATE teach.teach_session
    SET owner_id = $1, owner_until = clock_timestamp() + $2::float8 * interval '1 millisecond'
    FROM due WHERE teach_session_id = due.id
    RETURNING teach_session_id AS id
  )
  SELECT ${SESSION_COLUMNS} FROM teach.teach_session
  WHERE status = 'RECORDING'
    AND (owner_id = $1 AND owner_until > clock_timestamp() OR teach_session_id IN (SELECT id FROM kept))
`;

/** $1 replica: it is about to stop, and another one need not wait. */
export const LET_GO = `
  UPDATE teach.teach_session SET owner_until = clock_timestamp() WHERE status = 'RECORDING' AND owner_id = $1
`;

/** $1 session, $2 lock, $3 scope that traffic has confirmed. */
export const SCOPE_LOCKED = `
  UPDATE teach.teach_session SET locked_scope_json = $3::jsonb
  WHERE teach_session_id = $1 AND status = 'RECORDING' AND traffic_lock_id = $2
  RETURNING teach_session_id
`;

/** $1 session. Until the commit nobody else changes it. */
export const HOLD_SCOPE = `
  SELECT scope_json FROM teach.teach_session
  WHERE teach_session_id = $1 AND status = 'RECORDING' FOR NO KEY UPDATE
`;

/** $1 session, $2 scope that is to be locked. */
export const WANT_SCOPE = `UPDATE teach.teach_session SET scope_json = $2::jsonb WHERE teach_session_id = $1`;
