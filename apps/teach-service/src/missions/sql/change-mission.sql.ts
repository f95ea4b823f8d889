import { MISSION_COLUMNS } from './mission-columns.sql';

const RETURNING = `RETURNING ${MISSION_COLUMNS}, steps_json`;

/** $1 mission, $2 the revision it was read at, $3 name, $4 description, $5 steps. No row: it is not that draft any more. */
export const UPDATE_DRAFT = `
  UPDATE teach.mission
  SET name = $3, description = $4, steps_json = $5::jsonb, revision = revision + 1, updated_at = clock_timestamp()
  WHERE mission_id = $1 AND revision = $2 AND status = 'DRAFT'
  ${RETURNING}
`;

/** $1 mission. Until the commit nobody else changes it. No row: it is no draft. */
export const HOLD_DRAFT = `
  SELECT steps_json FROM teach.mission WHERE mission_id = $1 AND status = 'DRAFT' FOR NO KEY UPDATE
`;

/** $1 mission that is held, $2 steps, $3 the robot that it is taught on. */
export const TEACH_STEPS = `
  UPDATE teach.mission
  SET steps_json = $2::jsonb, last_teach_robot_id = $3, revision = revision + 1, updated_at = clock_timestamp()
  WHERE mission_id = $1
  RETURNING ${MISSION_COLUMNS}
`;

/**
 * $1 mission, $2 the revision that was checked, $3 hoist, $4 telescope, $5 rotate, $6 grip, $7 why these, $8 action time.
 * No row: it is not that draft any more.
 */
export const PUBLISH_MISSION = `
  UPDATE teach.mission
  SET status = 'PUBLISHED', version = version + 1, revision = revision + 1, updated_at = clock_timestamp(),
    required_has_hoist = $3, required_has_telescope = $4, required_has_rotate = $5, required_has_grip = $6,
    required_capabilities_json = $7::jsonb, estimated_action_time_seconds = $8
  WHERE mission_id = $1 AND revision = $2 AND status = 'DRAFT'
  ${RETURNING}
`;

/** $1 mission, $2 the revision it was read at. */
export const ARCHIVE_MISSION = `
  UPDATE teach.mission
  SET status = 'ARCHIVED', revision = revision + 1, updated_at = clock_timestamp()
  WHERE mission_id = $1 AND revision = $2 AND status = 'PUBLISHED'
  ${RETURNING}
`;
