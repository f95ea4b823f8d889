/** $1 robot or null for all. Live ones. */
export const LIST_TRAFFIC_LOCKS = `
  SELECT * FROM robots.traffic_lock
  WHERE ended_at IS NULL AND expires_at > clock_timestamp() AND ($1::text IS NULL OR robot_id = $1)
  ORDER BY acquired_at, lock_id
`;
