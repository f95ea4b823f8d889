/** POST /robot/free: marks the robot free and touches nothing else of the queue, as the source has it. */
export const FREE_ROBOT = `
  CREATE FUNCTION teleop.free_robot(p_robot text) RETURNS boolean
  LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE teleop.robot_status SET is_available = true, current_user_id = NULL WHERE robot_id = p_robot;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    PERFORM teleop.touch_queue(p_robot);
    RETURN true;
  END
  $$;
`;
