/** $1 days, $2 how many at most: a big delete would hold up everybody who writes events. Rows that another replica deletes are left to it. */
export const FORGET_EVENTS = `
  DELETE FROM robots.event WHERE event_id IN (
    SELECT event_id FROM robots.event
    WHERE received_at < clock_timestamp() - make_interval(days => $1)
    ORDER BY received_at LIMIT $2
    FOR UPDATE SKIP LOCKED)
  RETURNING event_id
`;
