/**
 * $1 robot, $2 event, $3 priority, $4 message, $5 detail, $6 when as the robot said, or null. No row back: it was told
 * before, or the robot is gone. A step has one result of each kind, whenever it is told.
 */
export const INSERT_EVENT = `
  INSERT INTO robots.event (robot_id, event, priority, message, detail, occurred_at)
  SELECT r.robot_id, $2::text, $3, $4, $5::jsonb, coalesce($6::timestamptz, clock_timestamp())
  FROM robots.robot r
  WHERE r.robot_id = $1 AND NOT (
    $2::text IS NOT NULL AND $6::timestamptz IS NULL AND EXISTS (
      SELECT 1 FROM robots.event e WHERE e.robot_id = $1 AND e.event = $2 AND e.detail = $5::jsonb))
  ON CONFLICT DO NOTHING
  RETURNING event_id::text, occurred_at
`;
