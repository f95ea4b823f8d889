/**
 * Ends the active turn of a robot: closes the queue row, settles, frees the robot, gives it to the next in line, and
 * announces all of it, in the caller's transaction. The caller holds the robot's row lock. Returns the points booked.
 */
export const END_TURN = `
  CREATE FUNCTION teleop.end_turn(p_robot text, p_row_id bigint, p_status text, p_reason text, p_session_seconds int)
  RETURNS int
  LANGUAGE plpgsql AS $$
  DECLARE
    v_row record;
    v_points int;
    v_turn bigint;
  BEGIN
    UPDATE teleop.robot_queue SET status = p_status, ended_at = clock_timestamp(), end_reason = p_reason
    WHERE id = p_row_id AND status = 'active'
    RETURNING user_id, control_token, turn, ended_at INTO STRICT v_row;
    v_turn := teleop.touch_queue(p_robot);
    v_points := teleop.settle_session(v_row.control_token, p_reason = 'inactive');
    INSERT INTO teleop.outbox (event, payload) VALUES ('session.ended', jsonb_build_object(
      'robotId', p_robot, 'userId', v_row.user_id, 'tokenHash', teleop.token_hash(v_row.control_token),
      'turn', coalesce(v_row.turn, v_turn), 'reason', p_reason, 'endedAt', teleop.iso(v_row.ended_at)));
    IF NOT teleop.activate_next(p_robot, v_turn, p_session_seconds) THEN
      UPDATE teleop.robot_status SET is_available = true, current_user_id = NULL WHERE robot_id = p_robot;
    END IF;
    RETURN v_points;
  END
  $$;
`;
