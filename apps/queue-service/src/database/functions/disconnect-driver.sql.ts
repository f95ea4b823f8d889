/**
 * Ends the active turn as an inactive leave and returns whose it was (NULL: nobody was active). With a token hash only
 * that very session is ended: a late message must not take the turn of whoever came after.
 */
export const DISCONNECT_DRIVER = `
  CREATE FUNCTION teleop.disconnect_driver(p_robot text, p_token_hash text, p_session_seconds int,
    OUT code text, OUT user_id uuid)
  LANGUAGE plpgsql AS $$
  DECLARE
    v_row record;
  BEGIN
    PERFORM 1 FROM teleop.robot_status WHERE robot_id = p_robot FOR UPDATE;
    IF NOT FOUND THEN
      code := 'ROBOT_NOT_FOUND'; RETURN;
    END IF;
    SELECT q.id, q.user_id INTO v_row FROM teleop.robot_queue q
    WHERE q.robot_id = p_robot AND q.status = 'active'
      AND (p_token_hash IS NULL OR teleop.token_hash(q.control_token) = p_token_hash);
    IF NOT FOUND THEN
      code := 'NO_ACTIVE_USER'; RETURN;
    END IF;
    PERFORM teleop.end_turn(p_robot, v_row.id, 'left', 'inactive', p_session_seconds);
    code := 'DISCONNECTED';
    user_id := v_row.user_id;
  END
  $$;
`;
