/** $1 robot, or null for all. Its row, who holds its drive lock, the route under way and how many wait. */
export const READ_ROBOT_VIEWS = `
  SELECT r.robot_id, r.name, r.capabilities, r.limits, r.url, r.last_state, r.last_state_at, r.created_at,
    l.holder_name AS lock_holder, l.expires_at AS lock_expires_at,
    a.route_id, a.start_node, a.destination, a.added_at, a.added_by,
    (SELECT count(*)::int FROM robots.route q WHERE q.robot_id = r.robot_id AND q.status = 'queued') AS queue_length
  FROM robots.robot r
  LEFT JOIN robots.drive_lock l ON l.robot_id = r.robot_id AND l.expires_at > clock_timestamp()
  LEFT JOIN robots.route a ON a.robot_id = r.robot_id AND a.status IN ('dispatching', 'active')
  WHERE $1::text IS NULL OR r.robot_id = $1
  ORDER BY r.robot_id
`;
