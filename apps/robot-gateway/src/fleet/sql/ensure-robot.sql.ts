/** $1 robot, $2 name. The default robot is there without anybody having registered it. */
export const ENSURE_ROBOT = `
  INSERT INTO robots.robot (robot_id, name) VALUES ($1, $2) ON CONFLICT (robot_id) DO NOTHING
`;
