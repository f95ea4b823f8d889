/**
 * $1 robot. What is its own goes with it; its lease stays, so that a robot registered again under this id goes on from
 * the epoch that the old one had reached.
 */
export const DELETE_ROBOT = `DELETE FROM robots.robot WHERE robot_id = $1 RETURNING robot_id`;
