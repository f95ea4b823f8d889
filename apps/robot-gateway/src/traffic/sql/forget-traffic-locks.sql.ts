/** $1 days. Until then a repeated request finds out that its lock is over. */
export const FORGET_TRAFFIC_LOCKS = `
  DELETE FROM robots.traffic_lock WHERE ended_at < clock_timestamp() - make_interval(days => $1::integer)
`;
