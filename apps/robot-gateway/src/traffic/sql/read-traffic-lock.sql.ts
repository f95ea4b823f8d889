/** $1 lock. Also one that is over; `live` in the database's clock. */
export const READ_TRAFFIC_LOCK = `
  SELECT *, ended_at IS NULL AND expires_at > clock_timestamp() AS live FROM robots.traffic_lock WHERE lock_id = $1
`;
