import { SESSION_COLUMNS } from './session-columns.sql';

/** $1 session. */
export const READ_SESSION = `SELECT ${SESSION_COLUMNS} FROM teach.teach_session WHERE teach_session_id = $1`;

/** $1 robot. */
export const READ_RECORDING = `
  SELECT ${SESSION_COLUMNS} FROM teach.teach_session WHERE robot_id = $1 AND status = 'RECORDING'
`;

/** $1 robot, $2 status, $3 cursor (each or null), $4 how many. Newest first. */
export const READ_SESSIONS = `
  SELECT ${SESSION_COLUMNS} FROM teach.teach_session
  WHERE ($1::text IS NULL OR robot_id = $1) AND ($2::text IS NULL OR status = $2)
    AND ($3::bigint IS NULL OR session_no < $3)
  ORDER BY session_no DESC
  LIMIT $4
`;
