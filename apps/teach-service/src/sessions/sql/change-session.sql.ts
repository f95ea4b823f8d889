import { SESSION_COLUMNS } from './session-columns.sql';

/**
 * $1 session, $2 lock, $3 scope, $4 draft, $5 replica, $6 milliseconds it owns the recording, $7 correlation. No row: it may
 * not be started (any more). Violates teach_session_recording when another session of the robot records.
 */
export const BEGIN_RECORDING = `
  UPDATE teach.teach_session
  SET status = 'RECORDING', started_at = moment.at, finished_at = NULL, traffic_lock_id = $2, scope_json = $3::jsonb,
    locked_scope_json = $3::jsonb, draft_mission_id = $4, owner_id = $5,
    owner_until = moment.at + $6::float8 * interval '1 millisecond', correlation_id = $7, last_update_at = moment.at,
    recorded = recorded + tstzmultirange(tstzrange(moment.at, NULL))
  FROM (SELECT clock_timestamp() AS at) AS moment
  WHERE teach_session_id = $1 AND status IN ('DRAFT', 'STOPPED')
  RETURNING ${SESSION_COLUMNS}
`;

/** $1 session, $2 STOPPED or FAILED, $3 why it failed. With the lock that it had. No row: it did not record (any more). */
export const END_RECORDING = `
  WITH held AS (
    SELECT teach_session_id AS id, traffic_lock_id AS ended_lock_id, clock_timestamp() AS at
    FROM teach.teach_session WHERE teach_session_id = $1 AND status = 'RECORDING'
    FOR NO KEY UPDATE
  )
  UPDATE teach.teach_session
  SET status = $2, failure_reason = $3, finished_at = held.at, traffic_lock_id = NULL, locked_scope_json = NULL,
    owner_id = NULL, owner_until = NULL, last_update_at = held.at,
    recorded = recorded * tstzmultirange(tstzrange(NULL, held.at))
  FROM held
  WHERE teach_session_id = held.id AND status = 'RECORDING'
  RETURNING ${SESSION_COLUMNS}, held.ended_lock_id
`;

/** $1 session, $2 why. No row: it has been started, or has failed, meanwhile. */
export const FAIL_UNSTARTED = `
  UPDATE teach.teach_session
  SET status = 'FAILED', failure_reason = $2, last_update_at = clock_timestamp(),
    finished_at = coalesce(finished_at, clock_timestamp())
  WHERE teach_session_id = $1 AND status IN ('DRAFT', 'STOPPED')
  RETURNING ${SESSION_COLUMNS}
`;

/** $1 session. Until the commit nobody else changes it. */
export const HOLD_SESSION = `
  SELECT ${SESSION_COLUMNS} FROM teach.teach_session WHERE teach_session_id = $1 FOR NO KEY UPDATE
`;

/** $1 session, $2 its draft. */
export const SET_DRAFT = `
  UPDATE teach.teach_session SET draft_mission_id = $2, last_update_at = clock_timestamp()
  WHERE teach_session_id = $1
`;
