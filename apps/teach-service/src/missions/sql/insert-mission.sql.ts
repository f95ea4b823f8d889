import { MISSION_COLUMNS } from './mission-columns.sql';

/** $1 id, $2 name, $3 description, $4 steps, $5 user, $6 version, $7 copied from, $8 robot it is taught on. */
export const INSERT_MISSION = `
  INSERT INTO teach.mission (
    mission_id, name, description, status, steps_json, created_by, version, source_mission_id, last_teach_robot_id
  )
  VALUES ($1, $2, $3, 'DRAFT', $4::jsonb, $5, $6, $7, $8)
  RETURNING ${MISSION_COLUMNS}, steps_json
`;
