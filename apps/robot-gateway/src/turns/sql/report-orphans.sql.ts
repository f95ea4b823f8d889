/**
 * $1 milliseconds of silence. Turns whose driver was connected to a process that is no more, so that nobody counts his
 * silence. Several replicas may run it at once: a row is taken by one.
 */
export const REPORT_ORPHANS = `
  UPDATE robots.turn SET inactive_at = clock_timestamp()
  WHERE ended_at IS NULL AND inactive_at IS NULL AND expires_at > clock_timestamp()
    AND driver_seen_at < clock_timestamp() - $1::float8 * interval '1 millisecond'
  RETURNING robot_id, token_hash, extract(epoch FROM clock_timestamp() - driver_seen_at)::float8 * 1000 AS silent_ms
`;
