/**
 * What a session earns, to the point, as the source has it: nothing for an inactive leave under 50 s; 3000 for the
 * first session ever; else 0.3 points a second, rounded down, an inactive leave's last 30 s not counted.
 */
export const SESSION_REWARD = `
  CREATE FUNCTION teleop.session_reward(p_seconds numeric, p_inactive boolean, p_had_first boolean,
    OUT points int, OUT kind text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT
      CASE
        WHEN p_inactive AND p_seconds < 50 THEN 0
        WHEN NOT p_had_first THEN 3000
        ELSE greatest(0, trunc((p_seconds - CASE WHEN p_inactive THEN 30 ELSE 0 END) * 0.3))::int
      END,
      CASE WHEN p_had_first THEN 'robot_control_reward' ELSE 'first_time_tele_op' END
  $$;
`;
