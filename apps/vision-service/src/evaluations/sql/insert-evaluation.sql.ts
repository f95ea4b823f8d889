/** No row when the token has been evaluated already. */
export const INSERT_EVALUATION = `
  INSERT INTO vision.evaluations (id, robot_id, token_hash, status, abnormal, reason, success_count, reward_points, model,
    prompt_version, cost_usd, answer, frames)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT DO NOTHING
  RETURNING id
`;
