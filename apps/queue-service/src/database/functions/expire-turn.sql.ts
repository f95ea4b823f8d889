/** Ends the robot's active turn when its time is up; false when it is not, or is ended already. */
export const EXPIRE_TURN = `
  CREATE FUNCTION teleop.expire_turn(p_robot text, p_session_seconds int) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    v_id bigint;
  BEGIN
    PERFORM 1 FROM teleop.robot_status WHERE robot_id = p_robot FOR UPDATE;
    SELECT id INTO v_id FROM teleop.robot_queue
    WHERE robot_id = p_robot AND status = 'active'
      AND activated_at + make_interval(secs => p_session_seconds) <= clock_timestamp();
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    PERFORM teleop.end_turn(p_robot, v_id, 'completed', 'timeout', p_session_seconds);
    RETURN true;
  END
  $$;
`;
