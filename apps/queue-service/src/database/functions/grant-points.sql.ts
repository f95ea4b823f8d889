/**
 * Books points: ledger row, total and announcement together. The ledger's unique indexes decide that it happens once;
 * false means it had been booked before. Callers hold the session's row lock.
 */
export const GRANT_POINTS = `
  CREATE FUNCTION teleop.grant_points(p_user uuid, p_points int, p_kind text, p_token text) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    v_total bigint;
  BEGIN
    INSERT INTO teleop.point_transactions (user_id, points_change, transaction_type, control_token)
    VALUES (p_user, p_points, p_kind, p_token) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    UPDATE teleop.users SET total_points = total_points + p_points WHERE user_id = p_user
    RETURNING total_points INTO v_total;
    INSERT INTO teleop.outbox (event, payload) VALUES ('points.granted', jsonb_build_object(
      'userId', p_user, 'tokenHash', teleop.token_hash(p_token), 'points', p_points, 'transactionType', p_kind,
      'totalPoints', v_total));
    RETURN true;
  END
  $$;
`;
