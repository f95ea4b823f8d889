/** $1 robot. What else than the lease has a say in who may command the robot; read while its row is held. */
export const READ_SITUATION = `
  SELECT held.user_id AS lock_user_id, held.holder_name AS lock_name, held.role AS lock_role,
    route.route_id, route.status AS route_status, route.dispatch_id, route.attempts, route.destination,
    extract(epoch FROM clock_timestamp() - route.dispatched_at)::float8 * 1000 AS dispatched_ms,
    ordered.command_id AS ordered_id,
    extract(epoch FROM clock_timestamp() - ordered.at)::float8 * 1000 AS ordered_ms,
    (SELECT command_id FROM robots.command
     WHERE command.robot_id = asked.robot_id AND body ->> 'command' = 'NAVIGATE' AND command.status <> 'failed'
       AND created_at > clock_timestamp() - interval '1 hour'
       AND created_at > coalesce((SELECT max(dispatched_at) FROM robots.route AS sent
                                  WHERE sent.robot_id = asked.robot_id), '-infinity')
     ORDER BY created_at DESC LIMIT 1) AS order_id,
    task.task_id,
    taught.lock_id AS teach_id, taught.teacher_id, taught.teacher_name
  FROM (SELECT $1::text AS robot_id) AS asked
  LEFT JOIN robots.drive_lock AS held
    ON held.robot_id = asked.robot_id AND held.expires_at > clock_timestamp()
  LEFT JOIN robots.route AS route
    ON route.robot_id = asked.robot_id AND route.status IN ('dispatching', 'active')
  LEFT JOIN robots.task AS task
    ON task.robot_id = asked.robot_id AND task.status IN ('RUNNING', 'PAUSED')
  LEFT JOIN LATERAL (
    SELECT command_id, coalesce(sent_at, created_at) AS at FROM robots.command
    WHERE command.robot_id = asked.robot_id AND created_at > clock_timestamp() - interval '1 hour'
    ORDER BY coalesce(sent_at, created_at) DESC LIMIT 1
  ) AS ordered ON true
  LEFT JOIN LATERAL (
    SELECT lock_id, teacher_id, teacher_name FROM robots.traffic_lock
    WHERE traffic_lock.robot_id = asked.robot_id AND purpose = 'teach' AND ended_at IS NULL
      AND expires_at > clock_timestamp()
    LIMIT 1
  ) AS taught ON true
`;
