/** Gives a free robot to the first in line: the sweep's net for a robot that was freed while people waited. */
export const PROMOTE_WAITING = `
  CREATE FUNCTION teleop.promote_waiting(p_robot text, p_session_seconds int) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    v_turn bigint;
  BEGIN
    PERFORM 1 FROM teleop.robot_status WHERE robot_id = p_robot AND is_available FOR UPDATE;
    IF NOT FOUND
      OR EXISTS (SELECT 1 FROM teleop.robot_queue WHERE robot_id = p_robot AND status = 'active')
      OR NOT EXISTS (SELECT 1 FROM teleop.robot_queue WHERE robot_id = p_robot AND status = 'waiting')
    THEN
      RETURN false;
    END IF;
    v_turn := teleop.touch_queue(p_robot);
    RETURN teleop.activate_next(p_robot, v_turn, p_session_seconds);
  END
  $$;
`;
