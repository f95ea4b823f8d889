import { EXECUTION_COLUMNS } from './execution-columns.sql';

/** $1 id, $2 mission, $3 its version, $4 robot or null, $5 task to be, $6 the question, $7 steps, $8 user, $9 correlation. */
export const INSERT_EXECUTION = `
  INSERT INTO teach.mission_execution (
    execution_id, mission_id, mission_version, robot_id, task_id, task_request_json, total_steps, created_by,
    correlation_id, status
  )
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, 'QUEUED')
  RETURNING ${EXECUTION_COLUMNS}
`;
