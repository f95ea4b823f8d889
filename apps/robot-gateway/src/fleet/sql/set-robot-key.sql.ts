/** $1 robot, $2 hash of its new key. The old one opens nothing from here on. */
export const SET_ROBOT_KEY = `
  UPDATE robots.robot SET api_key_hash = $2, updated_at = clock_timestamp() WHERE robot_id = $1 RETURNING robot_id
`;
