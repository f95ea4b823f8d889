/** Tasks that wait for a robot, oldest first. */
export const READ_QUEUE = `
  SELECT task_id, requested_robot_id, demands, tour FROM robots.task WHERE status = 'QUEUED' ORDER BY task_no
`;

/** Robots that have something in hand, or are in somebody's. */
export const READ_OCCUPIED = `
  SELECT robot_id FROM robots.task WHERE status IN ('RUNNING', 'PAUSED') OR stop_command_id IS NOT NULL
  UNION SELECT robot_id FROM robots.route WHERE status IN ('dispatching', 'active')
  UNION SELECT robot_id FROM robots.drive_lock WHERE expires_at > clock_timestamp()
  UNION SELECT robot_id FROM robots.lease
    WHERE holder_kind <> 'none' AND (expires_at IS NULL OR expires_at > clock_timestamp())
`;
