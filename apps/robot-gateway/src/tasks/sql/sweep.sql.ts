/**
 * $1 milliseconds after which an undelivered step, $2 an unacknowledged one and $3 one that the robot is at is looked at
 * again. Robots whose task waits for something, is late, or was left behind by a process that died.
 */
export const READ_DUE_ROBOTS = `
  SELECT task.robot_id FROM robots.task
  JOIN robots.task_step AS step ON step.task_id = task.task_id AND step.position = task.current_step
  WHERE task.status = 'RUNNING' AND (
    step.status = 'PENDING'
    OR step.deadline_at <= clock_timestamp()
    OR step.tried_at <= clock_timestamp() - interval '1 millisecond' * CASE
      WHEN step.delivered_at IS NULL THEN $1::float8
      WHEN step.status = 'SENT' THEN $2::float8
      ELSE $3::float8
    END
  )
`;

/** Robots that have not confirmed a CANCEL. */
export const READ_STOPPING_ROBOTS = `SELECT DISTINCT robot_id FROM robots.task WHERE stop_command_id IS NOT NULL`;

/** Tasks whose robot was deleted. */
export const READ_ORPHANED_TASKS = `
  SELECT task_id FROM robots.task
  WHERE status IN ('QUEUED', 'RUNNING', 'PAUSED') AND coalesce(robot_id, requested_robot_id) IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM robots.robot WHERE robot.robot_id = coalesce(task.robot_id, task.requested_robot_id)
    )
`;

/** How many tasks are not over, by status. */
export const COUNT_OPEN_TASKS = `
  SELECT status, count(*)::integer AS tasks FROM robots.task
  WHERE status IN ('QUEUED', 'RUNNING', 'PAUSED') GROUP BY status
`;

/** $1 days, $2 how many at once. */
export const FORGET_TASKS = `
  DELETE FROM robots.task WHERE task_id IN (
    SELECT task_id FROM robots.task
    WHERE finished_at < clock_timestamp() - make_interval(days => $1) AND stop_command_id IS NULL
    LIMIT $2
  ) RETURNING task_id
`;

/** Robots whose task waits for others to leave its way. */
export const WAITING_FOR_WAY = `
  SELECT robot_id FROM robots.task WHERE status = 'RUNNING' AND reason = 'traffic'
`;
