/**
 * Books what vision-service saw, once per session: status, result and, when something moved, the reward. \`false\`: the
 * session had been judged before, or is unknown (\`known\` tells which).
 */
export const SETTLE_EVALUATION = `
  CREATE FUNCTION teleop.settle_evaluation(p_token_hash text, p_status text, p_points int, p_result jsonb,
    OUT known boolean, OUT settled boolean)
  LANGUAGE plpgsql AS $$
  DECLARE
    v_session record;
  BEGIN
    settled := false;
    SELECT id, user_id, control_token, controlled_status INTO v_session FROM teleop.tele_op_control_history
    WHERE teleop.token_hash(control_token) = p_token_hash FOR UPDATE;
    known := FOUND;
    IF NOT known OR v_session.controlled_status IS NOT NULL THEN
      RETURN;
    END IF;
    UPDATE teleop.tele_op_control_history
    SET controlled_status = p_status, controlled_result = p_result, reward_points = reward_points + p_points
    WHERE id = v_session.id;
    IF p_points > 0 THEN
      IF NOT teleop.grant_points(v_session.user_id, p_points, 'dolls_compare_reward', v_session.control_token) THEN
        RAISE EXCEPTION 'session % was rewarded before though it was not judged', v_session.id;
      END IF;
    END IF;
    settled := true;
  END
  $$;
`;
