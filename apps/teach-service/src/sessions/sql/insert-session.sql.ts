import { SESSION_COLUMNS } from './session-columns.sql';

/** $1 session, $2 robot, $3 mission's name, $4 user, $5 his name, $6 draft, $7 region. */
export const INSERT_SESSION = `
  INSERT INTO teach.teach_session (
    teach_session_id, robot_id, status, mission_name, created_by, created_by_name, draft_mission_id, scope_json,
    region_json
  )
  VALUES ($1, $2, 'DRAFT', $3, $4, $5, $6, $7::jsonb, $7::jsonb)
  RETURNING ${SESSION_COLUMNS}
`;
