/** $1 task. */
export const READ_STEPS = `SELECT * FROM robots.task_step WHERE task_id = $1 ORDER BY position`;
