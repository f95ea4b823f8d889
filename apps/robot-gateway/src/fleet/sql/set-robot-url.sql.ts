/** $1 robot, $2 URL or null. A row back means that it changed. */
export const SET_ROBOT_URL = `
  UPDATE robots.robot SET url = $2, url_at = clock_timestamp()
  WHERE robot_id = $1 AND url IS DISTINCT FROM $2
  RETURNING robot_id
`;
