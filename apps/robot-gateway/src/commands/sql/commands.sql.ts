/** $1 ids, $2 robot, $3 bodies, $4 user. */
export const WRITE_COMMANDS = `
  INSERT INTO robots.command (command_id, robot_id, body, issued_by)
  SELECT wanted.command_id, $2, wanted.body, $4
  FROM unnest($1::uuid[], $3::jsonb[]) AS wanted (command_id, body)
`;

/** $1 ids, $2 milliseconds since they were sent. */
export const MARK_SENT = `
  UPDATE robots.command SET status = 'sent', sent_at = clock_timestamp() - $2::float8 * interval '1 millisecond'
  WHERE command_id = ANY ($1::uuid[]) AND status = 'pending'
`;

/** $1 ids, $2 acknowledged or failed, $3 reason. Rows come back for those that were still open. */
export const SETTLE_COMMANDS = `
  UPDATE robots.command SET status = $2, reason = $3, settled_at = clock_timestamp()
  WHERE command_id = ANY ($1::uuid[]) AND settled_at IS NULL
  RETURNING command_id, robot_id, body
`;

/** $1 milliseconds: commands whose sender is gone, since it would have settled them long ago. */
export const FAIL_ORPHANS = `
  UPDATE robots.command SET status = 'failed', reason = 'the gateway was restarted', settled_at = clock_timestamp()
  WHERE settled_at IS NULL AND created_at < clock_timestamp() - $1::float8 * interval '1 millisecond'
  RETURNING command_id, robot_id, body
`;
