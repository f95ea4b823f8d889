/**
 * $1 task, $2 mission, $3 its version, $4 robot asked for, $5 demands, $6 tour, $7 steps, $8 user, $9 correlation id,
 * $10 how many may wait. No row back: the task is known, or too many wait.
 */
export const INSERT_TASK = `
  INSERT INTO robots.task (task_id, mission_id, mission_version, requested_robot_id, demands, tour, total_steps, created_by,
    correlation_id)
  SELECT $1, $2, $3, $4, $5, $6, jsonb_array_length($7::jsonb), $8, $9
  WHERE (SELECT count(*) FROM robots.task WHERE status = 'QUEUED') < $10
  ON CONFLICT (task_id) DO NOTHING
  RETURNING task_id
`;

/** $1 task, $2 steps. */
export const INSERT_STEPS = `
  INSERT INTO robots.task_step (task_id, position, step_id, type, payload, required_time_s)
  SELECT $1, ordinality - 1, (step->>'stepId')::uuid, step->>'type', step->'payload',
    (step->>'requiredTimeSeconds')::double precision
  FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS given (step, ordinality)
`;
