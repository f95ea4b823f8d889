/** $1 robot, $2 URL. When it was last said is written each time; the row that comes back tells whether it is another one. */
export const SET_ROBOT_URL = `
  WITH before AS (SELECT url FROM robots.robot WHERE robot_id = $1 FOR UPDATE)
  UPDATE robots.robot SET url = $2, url_at = clock_timestamp() FROM before
  WHERE robot_id = $1
  RETURNING before.url IS DISTINCT FROM robot.url AS changed
`;

/** $1 robot, $2 milliseconds. Forgets an address that was said longer ago. A row back: there was one. */
export const FORGET_ROBOT_URL = `
  UPDATE robots.robot SET url = NULL, url_at = NULL
  WHERE robot_id = $1 AND url IS NOT NULL
    AND (url_at IS NULL OR url_at < clock_timestamp() - $2::float8 * interval '1 millisecond')
  RETURNING robot_id
`;
