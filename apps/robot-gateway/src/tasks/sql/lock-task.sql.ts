/** $1 task. Taken after the robot's row, never before it. */
export const LOCK_TASK = `SELECT robot_id FROM robots.task WHERE task_id = $1 FOR UPDATE`;

/** $1 task. Whose row to take first. */
export const ROBOT_OF_TASK = `SELECT robot_id FROM robots.task WHERE task_id = $1`;
