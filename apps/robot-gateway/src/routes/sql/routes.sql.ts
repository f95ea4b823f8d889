const VIEW = `route_id, start_node, destination, added_at, added_by, status`;

/** $1 robot. The route under way first, then the queue in its order. */
export const READ_ROUTES = `
  SELECT ${VIEW} FROM robots.route
  WHERE robot_id = $1 AND status IN ('dispatching', 'active', 'queued')
  ORDER BY status = 'queued', order_key
`;

/** $1 route, $2 robot, $3 start, $4 destination, $5 user, $6 name, $7 most that may wait. No row: the queue is full. */
export const ADD_ROUTE = `
  INSERT INTO robots.route (route_id, robot_id, start_node, destination, added_by_id, added_by, order_key)
  SELECT $1, $2, $3, $4, $5, $6, coalesce(max(order_key), 0) + 1
  FROM robots.route WHERE robot_id = $2 AND status = 'queued'
  HAVING count(*) < $7
  RETURNING ${VIEW}
`;

/** $1 robot, $2 route. */
export const READ_ROUTE_STATUS = `
  SELECT status FROM robots.route
  WHERE robot_id = $1 AND route_id = $2 AND status IN ('dispatching', 'active', 'queued')
`;

/** $1 robot. */
export const NEXT_ROUTE = `
  SELECT route_id, start_node, destination, dispatch_id, attempts FROM robots.route
  WHERE robot_id = $1 AND status = 'queued' ORDER BY order_key LIMIT 1
`;

/** $1 route, $2 dispatch. Written before the robot is told. The attempt tells this one from every other. */
export const MARK_DISPATCHING = `
  UPDATE robots.route SET
    status = 'dispatching', dispatch_id = $2, dispatched_at = clock_timestamp(), attempts = attempts + 1,
    cancel_requested = false
  WHERE route_id = $1
  RETURNING attempts
`;

/** $1 route, $2 attempt. Its process is alive and still tries to send it: nobody else is to judge it yet. */
export const STILL_SENDING = `
  UPDATE robots.route SET dispatched_at = clock_timestamp()
  WHERE route_id = $1 AND attempts = $2 AND status = 'dispatching'
`;

/**
 * $1 route, $2 attempt, $3 milliseconds since it was sent: only what the robot said after that counts as its answer. A
 * row back: it was so.
 */
export const MARK_ACTIVE = `
  UPDATE robots.route
  SET status = 'active', dispatched_at = clock_timestamp() - $3::float8 * interval '1 millisecond'
  WHERE route_id = $1 AND attempts = $2 AND status = 'dispatching'
  RETURNING route_id
`;

/** $1 route, $2 attempt, $3 done, canceled or lost. A row back: it was under way by this very attempt. */
export const FINISH_ROUTE = `
  UPDATE robots.route SET
    status = CASE WHEN $3 = 'done' AND cancel_requested THEN 'canceled' ELSE $3 END, finished_at = clock_timestamp()
  WHERE route_id = $1 AND attempts = $2 AND status IN ('dispatching', 'active')
  RETURNING start_node, destination
`;

/** $1 robot, $2 route. One that waits. */
export const CANCEL_WAITING = `
  UPDATE robots.route SET status = 'canceled', finished_at = clock_timestamp()
  WHERE robot_id = $1 AND route_id = $2 AND status = 'queued'
  RETURNING route_id
`;

/**
 * $1 route, $2 attempt, $3 whether it is to start anew. Back to the front of the queue. A row back: it was under way by
 * this very attempt. Unless it starts anew it keeps the id of its command: a robot that has had it after all, which nobody
 * could know, does not drive it a second time.
 */
export const REQUEUE_ROUTE = `
  UPDATE robots.route AS route SET
    status = 'queued', dispatch_id = CASE WHEN $3 THEN NULL ELSE dispatch_id END, dispatched_at = NULL, cancel_requested = false,
    order_key = (SELECT coalesce(min(order_key), 1) - 1 FROM robots.route AS waiting
                 WHERE waiting.robot_id = route.robot_id AND waiting.status = 'queued')
  WHERE route_id = $1 AND attempts = $2 AND status IN ('dispatching', 'active')
  RETURNING route_id
`;

/** $1 robot. Whatever is under way was asked to be given up: when it ends, it was not done. */
export const REQUEST_CANCEL = `
  UPDATE robots.route SET cancel_requested = true WHERE robot_id = $1 AND status IN ('dispatching', 'active')
`;

/** $1 robot, $2 waiting routes in their new order. New keys lie behind all old ones, so no two meet on the way. */
export const REORDER = `
  UPDATE robots.route AS route SET order_key = last.order_key + wanted.place
  FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (route_id, place),
    (SELECT max(order_key) AS order_key FROM robots.route WHERE robot_id = $1 AND status = 'queued') AS last
  WHERE route.route_id = wanted.route_id AND route.robot_id = $1 AND route.status = 'queued'
`;

const OUTLINE = `
  SELECT robot_id,
    count(*) FILTER (WHERE status = 'queued')::int AS queued,
    bool_or(status = 'active') AS active,
    bool_or(status = 'dispatching') AS dispatching
  FROM robots.route WHERE status IN ('queued', 'dispatching', 'active')
`;

export const READ_OUTLINES = `${OUTLINE} GROUP BY robot_id`;

/** $1 robot. */
export const READ_OUTLINE = `${OUTLINE} AND robot_id = $1 GROUP BY robot_id`;
