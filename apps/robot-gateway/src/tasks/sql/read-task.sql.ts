const AGE = (moment: string) => `extract(epoch FROM clock_timestamp() - ${moment})::float8 * 1000`;

/** A task beside the step that is next or under way. */
const TASK = `
  SELECT task.*,
    step.step_id, step.type AS step_type, step.payload AS step_payload, step.required_time_s, step.status AS step_status,
    step.command_id, step.wire_step_id, step.path, step.timeout_s, step.delivered_at IS NOT NULL AS step_delivered,
    coalesce(step.deadline_at <= clock_timestamp(), false) AS step_overdue,
    ${AGE('step.sent_at')} AS step_sent_ms, ${AGE('step.tried_at')} AS step_tried_ms,
    ${AGE('task.step_since')} AS waiting_ms
  FROM robots.task AS task
  LEFT JOIN robots.task_step AS step ON step.task_id = task.task_id AND step.position = task.current_step
`;

/** $1 task. */
export const READ_TASK = `${TASK} WHERE task.task_id = $1`;

/** $1 robot. The task that runs, or is paused, on it. */
export const READ_TASK_ON_ROBOT = `${TASK} WHERE task.robot_id = $1 AND task.status IN ('RUNNING', 'PAUSED')`;

/** $1 robot, $2 mission, $3 status, $4 cursor (each or null), $5 how many. Newest first. */
export const READ_TASKS = `
  ${TASK}
  WHERE ($1::text IS NULL OR coalesce(task.robot_id, task.requested_robot_id) = $1)
    AND ($2::uuid IS NULL OR task.mission_id = $2)
    AND ($3::text IS NULL OR task.status = $3)
    AND ($4::bigint IS NULL OR task.task_no < $4)
  ORDER BY task.task_no DESC
  LIMIT $5
`;
