/**
 * $1 robot, $2 turn, $3 the silent seat's epoch. Once per turn, and not when the driver has sat down elsewhere since:
 * his new seat has a higher epoch.
 */
export const REPORT_SILENT = `
  UPDATE robots.turn SET inactive_at = clock_timestamp()
  WHERE robot_id = $1 AND turn = $2 AND ended_at IS NULL AND inactive_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM robots.lease WHERE robot_id = $1 AND epoch > $3)
  RETURNING token_hash
`;
