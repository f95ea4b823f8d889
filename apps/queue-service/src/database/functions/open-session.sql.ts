/**
 * POST /use_robot's change: checks that it is the user's turn, closes the robot to others and opens the session's
 * history row (once per token). Returns what the answer needs.
 */
export const OPEN_SESSION = `
  CREATE FUNCTION teleop.open_session(p_user uuid, p_robot text, p_digest bytea, p_session_seconds int,
    OUT code text, OUT control_token text, OUT expires bigint, OUT stream1 text, OUT stream2 text,
    OUT is_first_time boolean)
  LANGUAGE plpgsql AS $$
  DECLARE
    v_user record;
    v_robot record;
    v_turn record;
  BEGIN
    SELECT user_class, hash_code INTO v_user FROM teleop.users WHERE user_id = p_user;
    IF NOT FOUND OR NOT teleop.credential_ok(v_user.hash_code, p_digest) THEN
      code := 'UNAUTHORIZED'; RETURN;
    END IF;
    IF v_user.user_class = 'Explorer Member' THEN
      code := 'EXPLORER_NOT_ALLOWED'; RETURN;
    END IF;
    SELECT is_available, stream1_ws_url, stream2_ws_url INTO v_robot
    FROM teleop.robot_status WHERE robot_id = p_robot FOR UPDATE;
    IF NOT FOUND THEN
      code := 'ROBOT_NOT_FOUND'; RETURN;
    END IF;
    SELECT q.control_token, q.activated_at + make_interval(secs => p_session_seconds) AS expires_at INTO v_turn
    FROM teleop.robot_queue q
    WHERE q.user_id = p_user AND q.robot_id = p_robot AND q.status = 'active';
    IF NOT FOUND OR v_turn.expires_at <= clock_timestamp() THEN
      code := 'NOT_ACTIVE'; RETURN;
    END IF;
    INSERT INTO teleop.tele_op_control_history (user_id, robot_id, control_token, issued_at, expires_at)
    VALUES (p_user, p_robot, v_turn.control_token, clock_timestamp(), v_turn.expires_at)
    ON CONFLICT ON CONSTRAINT tele_op_control_history_control_token_key DO NOTHING;
    IF v_robot.is_available THEN
      UPDATE teleop.robot_status SET is_available = false, current_user_id = p_user WHERE robot_id = p_robot;
      PERFORM teleop.touch_queue(p_robot);
    END IF;
    code := 'OPENED';
    control_token := v_turn.control_token;
    -- Rounded down, as for the control token: casting would round to the nearest, and the two answers would differ.
    expires := floor(extract(epoch FROM v_turn.expires_at))::bigint;
    stream1 := v_robot.stream1_ws_url;
    stream2 := v_robot.stream2_ws_url;
    is_first_time := NOT EXISTS (
      SELECT 1 FROM teleop.point_transactions t
      WHERE t.user_id = p_user AND t.transaction_type = 'first_time_tele_op' AND t.points_change = 3000);
  END
  $$;
`;
