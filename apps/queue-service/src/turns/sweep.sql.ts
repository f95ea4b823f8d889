/** Notes the look at every robot that nobody is changing right now, and says which stand free while people wait. */
export const SWEEP_ROBOTS = `
  WITH looked AS (
    SELECT robot_id FROM teleop.robot_status FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE teleop.robot_status r SET last_check = clock_timestamp()
  FROM looked WHERE r.robot_id = looked.robot_id
  RETURNING r.robot_id, r.is_available AND EXISTS (
    SELECT 1 FROM teleop.robot_queue q WHERE q.robot_id = r.robot_id AND q.status = 'waiting') AS stands_free
`;
