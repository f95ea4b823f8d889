/** $1 command. The step that it carries, or carried last. */
export const FIND_COMMAND = `
  SELECT task_id, wire_step_id, status FROM robots.task_step WHERE command_id = $1
`;
