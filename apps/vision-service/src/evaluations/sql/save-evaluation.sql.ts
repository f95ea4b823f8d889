/**
 * $1-$13 the evaluation; $14-$16 event, payload and trace of what is announced of it, or nulls; $17 who holds the claim on
 * its token, which is given up. No row when the token has been evaluated already.
 */
export const SAVE_EVALUATION = `
  WITH stored AS (
    INSERT INTO vision.evaluations (id, robot_id, token_hash, status, abnormal, reason, success_count, reward_points, model,
      prompt_version, cost_usd, answer, frames)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT DO NOTHING
    RETURNING answer
  ), announced AS (
    INSERT INTO vision.outbox (event, payload, trace)
    SELECT $14::text, $15::jsonb, $16::text FROM stored WHERE $14 IS NOT NULL
  ), released AS (
    DELETE FROM vision.claims WHERE token_hash = $3 AND holder = $17
  )
  SELECT answer FROM stored
`;
