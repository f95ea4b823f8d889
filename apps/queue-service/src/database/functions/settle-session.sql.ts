/**
 * Settles a session once, however often it is asked for, and returns the points booked now. A session whose driver
 * never asked for the controls has no history row and earns nothing. Duration is in the database's clock, to the moment
 * of settling, as the source has it; but past the limit no longer than the source's own sweep could have been late
 * (10 s), or a night in which every process was down would be paid for.
 */
export const SETTLE_SESSION = `
  CREATE FUNCTION teleop.settle_session(p_token text, p_inactive boolean) RETURNS int
  LANGUAGE plpgsql AS $$
  DECLARE
    v_session record;
    v_end timestamptz;
    v_seconds numeric;
    v_reward record;
  BEGIN
    SELECT id, user_id, issued_at, expires_at INTO v_session FROM teleop.tele_op_control_history
    WHERE control_token = p_token AND controlled_end_time IS NULL FOR UPDATE;
    IF NOT FOUND THEN
      RETURN 0;
    END IF;
    -- Sessions of one user settle one after the other, or two could both be the first.
    PERFORM 1 FROM teleop.users WHERE user_id = v_session.user_id FOR NO KEY UPDATE;
    v_end := greatest(v_session.issued_at, least(clock_timestamp(), v_session.expires_at + interval '10 s'));
    v_seconds := extract(epoch FROM v_end - v_session.issued_at);
    SELECT * INTO v_reward FROM teleop.session_reward(v_seconds, p_inactive, EXISTS (
      SELECT 1 FROM teleop.point_transactions
      WHERE user_id = v_session.user_id AND transaction_type = 'first_time_tele_op'));
    UPDATE teleop.tele_op_control_history
    SET controlled_end_time = v_end, controlled_hours = round(v_seconds / 3600, 4),
        reward_points = reward_points + v_reward.points
    WHERE id = v_session.id;
    IF v_reward.points > 0 THEN
      IF NOT teleop.grant_points(v_session.user_id, v_reward.points, v_reward.kind, p_token) THEN
        RAISE EXCEPTION 'session % was settled before though its history row is open', v_session.id;
      END IF;
    END IF;
    RETURN v_reward.points;
  END
  $$;
`;
