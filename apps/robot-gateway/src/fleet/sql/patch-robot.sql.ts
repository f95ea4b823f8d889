/** A member that is not given stays, the JSON value null empties it, null inside it takes that one out (RFC 7396). */
const merged = (column: string, parameter: string) => `CASE jsonb_typeof(${parameter}::jsonb)
      WHEN 'null' THEN '{}'
      WHEN 'object' THEN jsonb_strip_nulls(${column} || ${parameter}::jsonb)
      ELSE ${column} END`;

/**
 * $1 robot; each of $2 name, $3 capabilities, $4 limits, $5 URL as JSON, or null for a member that is not given. Without
 * a name of its own a robot is called by its id.
 */
export const PATCH_ROBOT = `
  UPDATE robots.robot SET
    name = CASE WHEN $2::jsonb IS NULL THEN name ELSE coalesce($2::jsonb #>> '{}', robot_id) END,
    capabilities = ${merged('capabilities', '$3')},
    limits = ${merged('limits', '$4')},
    url = CASE WHEN $5::jsonb IS NULL THEN url ELSE $5::jsonb #>> '{}' END,
    url_at = CASE WHEN $5::jsonb IS NULL THEN url_at ELSE clock_timestamp() END,
    updated_at = clock_timestamp()
  WHERE robot_id = $1
  RETURNING robot_id
`;
