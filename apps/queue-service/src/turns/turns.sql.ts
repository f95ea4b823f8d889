/** The queue of a robot as watchers see it (before masking). $1 robot, $2 session seconds. */
export const QUEUE_SNAPSHOT = `
  SELECT r.queue_version::float8 AS version, r.is_available,
    (SELECT avg(extract(epoch FROM t.ended_at - t.activated_at))::float8 FROM (
       SELECT ended_at, activated_at FROM teleop.robot_queue
       WHERE robot_id = r.robot_id AND activated_at IS NOT NULL AND ended_at IS NOT NULL
       ORDER BY ended_at DESC LIMIT 20) t) AS average_seconds,
    coalesce((
      SELECT json_agg(json_build_object(
        'user_id', q.user_id, 'username', u.user_name, 'email', u.email,
        'wallet_address', coalesce(nullif(u.solana_address, ''), nullif(u.ethereum_address, ''),
          nullif(u.base_address, ''), nullif(u.monad_receive_address, '')),
        'member_class', u.user_class, 'position', q.position, 'status', q.status, 'fast_track', q.fast_track,
        'remaining_seconds', CASE WHEN q.status = 'active' THEN greatest(0, ceil($2::int
          - extract(epoch FROM clock_timestamp() - q.activated_at)))::int END
      ) ORDER BY q.position)
      FROM (
        SELECT user_id, status, fast_track, activated_at,
          row_number() OVER (ORDER BY status = 'active' DESC, order_key)::int AS position
        FROM teleop.robot_queue WHERE robot_id = r.robot_id AND status IN ('waiting', 'active')
      ) q JOIN teleop.users u USING (user_id)
    ), '[]'::json) AS entries
  FROM teleop.robot_status r WHERE r.robot_id = $1
`;

export const QUEUE_VERSIONS = `
  SELECT robot_id AS "robotId", queue_version::float8 AS version FROM teleop.robot_status WHERE robot_id = ANY($1::text[])
`;

/** The active row of a robot while its time is not up. $1 robot, $2 session seconds. */
export const ACTIVE_TURN = `
  SELECT q.user_id, q.control_token, teleop.token_hash(q.control_token) AS token_hash,
    coalesce(q.turn, greatest(r.queue_version, 1))::float8 AS turn, q.activated_at,
    q.activated_at + make_interval(secs => $2::int) AS expires_at,
    greatest(0, ceil(extract(epoch FROM q.activated_at + make_interval(secs => $2::int) - clock_timestamp()) * 1000))::int
      AS remaining_ms
  FROM teleop.robot_queue q JOIN teleop.robot_status r USING (robot_id)
  WHERE q.robot_id = $1 AND q.status = 'active'
`;

export const DUE_TURNS = `
  SELECT robot_id FROM teleop.robot_queue
  WHERE status = 'active' AND activated_at + make_interval(secs => $1::int) <= clock_timestamp()
`;

export const NEXT_DUE = `
  SELECT (extract(epoch FROM min(activated_at) + make_interval(secs => $1::int) - clock_timestamp()) * 1000)::float8 AS ms
  FROM teleop.robot_queue WHERE status = 'active'
`;

/** 24-hour counts of one robot, as the source. */
export const STATISTICS_ONE = `
  SELECT count(q.id) FILTER (WHERE q.status = 'waiting')::int AS waiting,
    count(q.id) FILTER (WHERE q.status = 'active')::int AS active,
    count(q.id) FILTER (WHERE q.status = 'completed')::int AS completed
  FROM teleop.robot_status r
  LEFT JOIN teleop.robot_queue q ON q.robot_id = r.robot_id AND q.created_at >= now() - interval '24 hours'
  WHERE r.robot_id = $1
  GROUP BY r.robot_id
`;

export const STATISTICS_ALL = `
  SELECT r.robot_id, count(q.id) FILTER (WHERE q.status = 'waiting')::int AS waiting,
    count(q.id) FILTER (WHERE q.status = 'active')::int AS active
  FROM teleop.robot_status r
  LEFT JOIN teleop.robot_queue q ON q.robot_id = r.robot_id AND q.created_at >= now() - interval '24 hours'
  GROUP BY r.robot_id ORDER BY r.robot_id
`;
