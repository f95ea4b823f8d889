/** $1 robots, $2 turns, $3 milliseconds since each driver's last frame; one statement for all seats of this process. */
export const DRIVER_SEEN = `
  UPDATE robots.turn AS known
  SET driver_seen_at = greatest(known.driver_seen_at, clock_timestamp() - seen.age_ms * interval '1 millisecond')
  FROM unnest($1::text[], $2::bigint[], $3::float8[]) AS seen (robot_id, turn, age_ms)
  WHERE known.robot_id = seen.robot_id AND known.turn = seen.turn AND known.ended_at IS NULL
`;
