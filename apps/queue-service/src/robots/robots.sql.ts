export const ROBOTS_STATUS = `
  SELECT r.robot_id, r.is_available, u.user_name AS current_user_name, r.youtube_stream_id, r.live_paused,
    (SELECT count(*)::int FROM teleop.robot_queue q
     WHERE q.robot_id = r.robot_id AND q.status IN ('waiting', 'active')) AS queue_length
  FROM teleop.robot_status r LEFT JOIN teleop.users u ON u.user_id = r.current_user_id
  ORDER BY r.robot_id
`;

export const LIVE_PAUSED = 'SELECT robot_id, live_paused FROM teleop.robot_status ORDER BY robot_id';
