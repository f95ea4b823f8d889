/** POST /queue/leave in one round trip. \`code\` is LEFT or the refusal; \`points\` what the ended session was paid. */
export const LEAVE_QUEUE = `
  CREATE FUNCTION teleop.leave_queue(p_user uuid, p_robot text, p_digest bytea, p_inactive boolean,
    p_session_seconds int, OUT code text, OUT points int)
  LANGUAGE plpgsql AS $$
  DECLARE
    v_row record;
  BEGIN
    points := 0;
    IF NOT EXISTS (
      SELECT 1 FROM teleop.users u WHERE u.user_id = p_user AND teleop.credential_ok(u.hash_code, p_digest))
    THEN
      code := 'UNAUTHORIZED'; RETURN;
    END IF;
    PERFORM 1 FROM teleop.robot_status WHERE robot_id = p_robot FOR UPDATE;
    IF NOT FOUND THEN
      code := 'ROBOT_NOT_FOUND'; RETURN;
    END IF;
    SELECT q.id, q.status INTO v_row FROM teleop.robot_queue q
    WHERE q.user_id = p_user AND q.robot_id = p_robot AND q.status IN ('waiting', 'active');
    IF NOT FOUND THEN
      code := 'NOT_IN_QUEUE'; RETURN;
    END IF;
    code := 'LEFT';
    IF v_row.status = 'active' THEN
      points := teleop.end_turn(p_robot, v_row.id, 'left', CASE WHEN p_inactive THEN 'inactive' ELSE 'left' END,
        p_session_seconds);
    ELSE
      UPDATE teleop.robot_queue SET status = 'left', ended_at = clock_timestamp(),
        end_reason = CASE WHEN p_inactive THEN 'inactive' ELSE 'left' END
      WHERE id = v_row.id;
      PERFORM teleop.touch_queue(p_robot);
    END IF;
  END
  $$;
`;
