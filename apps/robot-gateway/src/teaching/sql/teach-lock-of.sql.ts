/** $1 robot, $2 correlation. Whether the robot is still taught as it was when this was asked for. */
export const TEACH_LOCK_OF = `
  SELECT FROM robots.traffic_lock
  WHERE robot_id = $1 AND correlation_id = $2 AND purpose = 'teach' AND ended_at IS NULL
    AND expires_at > clock_timestamp()
`;
