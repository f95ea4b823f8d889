/** Notes that a robot's queue changed: the next version, and the announcement. The caller holds the robot's row lock. */
export const TOUCH_QUEUE = `
  CREATE FUNCTION teleop.touch_queue(p_robot text) RETURNS bigint
  LANGUAGE plpgsql AS $$
  DECLARE
    v_version bigint;
  BEGIN
    UPDATE teleop.robot_status SET queue_version = queue_version + 1 WHERE robot_id = p_robot
    RETURNING queue_version INTO v_version;
    INSERT INTO teleop.outbox (event, payload)
    VALUES ('queue.changed', jsonb_build_object('robotId', p_robot, 'version', v_version));
    RETURN v_version;
  END
  $$;
`;
