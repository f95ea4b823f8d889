/**
 * Gives the robot to the first in line; false when nobody waits. The caller holds the robot's row lock and knows that
 * nobody is active (the unique index would refuse a second).
 */
export const ACTIVATE_NEXT = `
  CREATE FUNCTION teleop.activate_next(p_robot text, p_turn bigint, p_session_seconds int) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    v_row record;
    v_now timestamptz := clock_timestamp();
  BEGIN
    UPDATE teleop.robot_queue
    SET status = 'active', control_token = teleop.new_control_token(), activated_at = v_now, turn = p_turn
    WHERE id = (
      SELECT id FROM teleop.robot_queue WHERE robot_id = p_robot AND status = 'waiting'
      ORDER BY order_key LIMIT 1)
    RETURNING user_id, control_token INTO v_row;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    UPDATE teleop.robot_status SET is_available = false, current_user_id = v_row.user_id WHERE robot_id = p_robot;
    INSERT INTO teleop.outbox (event, payload) VALUES ('session.activated', jsonb_build_object(
      'robotId', p_robot, 'userId', v_row.user_id, 'tokenHash', teleop.token_hash(v_row.control_token),
      'turn', p_turn, 'activatedAt', teleop.iso(v_now),
      'expiresAt', teleop.iso(v_now + make_interval(secs => p_session_seconds))));
    RETURN true;
  END
  $$;
`;
