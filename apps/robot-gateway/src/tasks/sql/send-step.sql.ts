/**
 * $1 task, $2 position, $3 command, $4 path or null, $5 seconds it may take. Written before the robot is told. The robot is
 * told the mission's own id of the step, unless the task has used it before.
 */
export const SEND_STEP = `
  UPDATE robots.task_step AS step SET
    status = 'SENT', command_id = $3, path = $4, timeout_s = $5,
    wire_step_id = CASE
      WHEN EXISTS (SELECT FROM robots.task_step AS used WHERE used.task_id = $1 AND used.wire_step_id = step.step_id)
      THEN gen_random_uuid()
      ELSE step.step_id
    END,
    sent_at = clock_timestamp(), tried_at = clock_timestamp(), delivered_at = NULL, deadline_at = NULL
  WHERE task_id = $1 AND position = $2
`;

/** $1 command. It is tried once more: others keep their hands off it for a while. */
export const TRY_STEP = `UPDATE robots.task_step SET tried_at = clock_timestamp() WHERE command_id = $1`;

/** $1 command. It is on the robot's socket: its time begins. */
export const STEP_DELIVERED = `
  UPDATE robots.task_step SET
    delivered_at = clock_timestamp(), deadline_at = clock_timestamp() + timeout_s * interval '1 second'
  WHERE command_id = $1 AND delivered_at IS NULL
`;
