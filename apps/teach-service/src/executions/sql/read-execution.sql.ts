import { EXECUTION_COLUMNS } from './execution-columns.sql';

/** $1 execution. */
export const READ_EXECUTION = `SELECT ${EXECUTION_COLUMNS} FROM teach.mission_execution WHERE execution_id = $1`;

/** $1 execution. The row is the caller's until its transaction ends. */
export const LOCK_EXECUTION = `${READ_EXECUTION} FOR UPDATE`;

/** $1 task. */
export const LOCK_EXECUTION_OF_TASK = `
  SELECT ${EXECUTION_COLUMNS} FROM teach.mission_execution WHERE task_id = $1 FOR UPDATE
`;

/**
 * $1 robot, $2 mission, $3 status, $4 cursor (each or null), $5 how many. Newest first. A statement for each way of asking:
 * a plan that serves all of them would read the whole history for the few executions of one robot.
 */
export function readExecutions(by: { robot: boolean; mission: boolean }): string {
  return `
    SELECT ${EXECUTION_COLUMNS} FROM teach.mission_execution
    WHERE ${by.robot ? 'robot_id = $1' : '$1::text IS NULL'}
      AND ${by.mission ? 'mission_id = $2' : '$2::uuid IS NULL'}
      AND ($3::text IS NULL OR status = $3)
      AND ($4::bigint IS NULL OR execution_no < $4)
    ORDER BY execution_no DESC
    LIMIT $5
  `;
}
