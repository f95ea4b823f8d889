/** $1 robot. A row back: it is there, and not deleted before our commit. */
export const HOLD_ROBOT = `SELECT robot_id FROM robots.robot WHERE robot_id = $1 FOR KEY SHARE`;
