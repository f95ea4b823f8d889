/** $1 robot, $2 cursor (events before this id) or null, $3 how many. Newest first. */
export const READ_EVENTS = `
  SELECT e.event_id::text, e.robot_id, e.event, e.priority, e.message, e.occurred_at, e.received_at
  FROM robots.event e
  WHERE e.robot_id = $1 AND ($2::bigint IS NULL OR e.event_id < $2::bigint)
  ORDER BY e.event_id DESC
  LIMIT $3
`;
