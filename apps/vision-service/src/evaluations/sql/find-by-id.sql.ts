/** $1 id. */
export const FIND_BY_ID = `
  SELECT robot_id, token_hash, answer, frames, created_at FROM vision.evaluations WHERE id = $1
`;
