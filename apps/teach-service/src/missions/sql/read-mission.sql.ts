import { MISSION_COLUMNS } from './mission-columns.sql';

/** $1 mission. */
export const READ_MISSION = `SELECT ${MISSION_COLUMNS}, steps_json FROM teach.mission WHERE mission_id = $1`;

/** $1 missions. What is needed of those that a mission refers to. */
export const READ_REFERENCED = `
  SELECT mission_id, status, name, steps_json FROM teach.mission WHERE mission_id = ANY($1::uuid[])
`;

/** $1 status, $2 cursor (each or null), $3 how many. Newest first. */
export const READ_MISSIONS = `
  SELECT ${MISSION_COLUMNS} FROM teach.mission
  WHERE ($1::text IS NULL OR status = $1) AND ($2::bigint IS NULL OR mission_no < $2)
  ORDER BY mission_no DESC
  LIMIT $3
`;
