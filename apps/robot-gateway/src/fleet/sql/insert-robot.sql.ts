/** $1 robot, $2 name or null for its id, $3 hash of its key, $4 capabilities, $5 limits, $6 URL. No row back: it exists. */
export const INSERT_ROBOT = `
  INSERT INTO robots.robot (robot_id, name, api_key_hash, capabilities, limits, url, url_at)
  VALUES ($1::text, coalesce($2::text, $1::text), $3, jsonb_strip_nulls($4::jsonb), jsonb_strip_nulls($5::jsonb), $6::text,
    CASE WHEN $6::text IS NOT NULL THEN clock_timestamp() END)
  ON CONFLICT (robot_id) DO NOTHING
  RETURNING robot_id
`;
