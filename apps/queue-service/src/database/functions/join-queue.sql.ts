/**
 * POST /queue/join in one round trip: who is asking, every rule in the source's order, the place in line, and the
 * activation when the front is free. \`code\` is JOINED, ALREADY_IN_QUEUE, or the refusal. Robot row first, then user row:
 * every writer locks in this order.
 */
export const JOIN_QUEUE = `
  CREATE FUNCTION teleop.join_queue(p_user uuid, p_robot text, p_digest bytea, p_test_mode boolean,
    p_session_seconds int, p_fast_track_daily int,
    OUT code text, OUT "position" int, OUT status text, OUT fast_track boolean, OUT fast_track_spent boolean)
  LANGUAGE plpgsql AS $$
  DECLARE
    v_user record;
    v_robot record;
    v_live record;
    v_today timestamptz := teleop.utc_day(clock_timestamp());
    v_keys numeric[];
    v_waiting int;
    v_active boolean;
    v_last_fast int;
    v_key numeric;
    v_turn bigint;
  BEGIN
    fast_track := false;
    fast_track_spent := false;
    SELECT user_class, hash_code, monad_receive_address INTO v_user FROM teleop.users WHERE user_id = p_user;
    IF NOT FOUND OR NOT teleop.credential_ok(v_user.hash_code, p_digest) THEN
      code := 'UNAUTHORIZED'; RETURN;
    END IF;
    SELECT * INTO v_robot FROM teleop.robot_status WHERE robot_id = p_robot FOR UPDATE;
    IF NOT FOUND THEN
      code := 'ROBOT_NOT_FOUND'; RETURN;
    END IF;
    IF v_robot.live_paused AND NOT p_test_mode THEN
      code := 'LIVE_PAUSED'; RETURN;
    END IF;
    IF v_user.user_class = 'Explorer Member' THEN
      code := 'EXPLORER_NOT_ALLOWED'; RETURN;
    END IF;
    IF v_robot.requires_monad AND coalesce(v_user.monad_receive_address, '') = '' AND NOT EXISTS (
      SELECT 1 FROM teleop.purchase_records p WHERE p.user_id = p_user AND coalesce(p.monad_tx_hash, '') <> '')
    THEN
      code := 'MONAD_REQUIRED'; RETURN;
    END IF;

    -- One join of a user at a time: limits are counted below.
    PERFORM 1 FROM teleop.users WHERE user_id = p_user FOR NO KEY UPDATE;
    SELECT q.robot_id, q.status, q.order_key, q.fast_track INTO v_live FROM teleop.robot_queue q
    WHERE q.user_id = p_user AND q.status IN ('waiting', 'active');
    IF FOUND THEN
      IF v_live.robot_id <> p_robot THEN
        code := 'ALREADY_IN_OTHER_QUEUE'; RETURN;
      END IF;
      code := 'ALREADY_IN_QUEUE';
      status := v_live.status;
      fast_track := v_live.fast_track;
      "position" := teleop.queue_position(p_robot, v_live.status, v_live.order_key);
      RETURN;
    END IF;
    IF v_user.user_class = 'Amplifier Member' THEN
      IF v_robot.amplifier_daily_joins IS NOT NULL AND v_robot.amplifier_daily_joins <= (
        SELECT count(*) FROM teleop.robot_queue q
        WHERE q.user_id = p_user AND q.robot_id = p_robot AND q.created_at >= v_today)
      THEN
        code := 'DAILY_LIMIT_REACHED'; RETURN;
      END IF;
      IF v_robot.amplifier_lifetime_sessions IS NOT NULL AND v_robot.amplifier_lifetime_sessions <= (
        SELECT count(*) FROM teleop.tele_op_control_history h WHERE h.user_id = p_user AND h.robot_id = p_robot)
      THEN
        code := 'LIFETIME_LIMIT_REACHED'; RETURN;
      END IF;
    END IF;

    SELECT count(*) FILTER (WHERE q.status = 'waiting'), coalesce(bool_or(q.status = 'active'), false),
      -- By the clock, as the default of rows added by hand, so that theirs and ours line up in the order they came.
      greatest(max(q.order_key) + 0.000001, extract(epoch FROM clock_timestamp()))
    INTO v_waiting, v_active, v_key
    FROM teleop.robot_queue q WHERE q.robot_id = p_robot AND q.status IN ('waiting', 'active');
    "position" := v_waiting + v_active::int + 1;

    IF v_user.user_class = 'Innovator Member' AND v_waiting > 0 THEN
      IF p_fast_track_daily <= (
        SELECT count(*) FROM teleop.robot_queue q
        WHERE q.user_id = p_user AND q.fast_track AND q.created_at >= v_today)
      THEN
        fast_track_spent := true;
      ELSE
        SELECT array_agg(l.order_key ORDER BY l.rank), max(l.rank) FILTER (WHERE l.fast_track)
        INTO v_keys, v_last_fast
        FROM (
          SELECT q.order_key, q.fast_track,
            row_number() OVER (ORDER BY q.status = 'active' DESC, q.order_key)::int AS rank
          FROM teleop.robot_queue q WHERE q.robot_id = p_robot AND q.status IN ('waiting', 'active')
        ) l;
        -- Behind the last fast-tracked; else behind whoever is next after the active one; else to the front.
        v_last_fast := coalesce(v_last_fast + 1, CASE WHEN v_active THEN 3 ELSE 1 END);
        IF v_last_fast < "position" THEN
          "position" := v_last_fast;
          fast_track := true;
          v_key := CASE WHEN v_last_fast = 1 THEN v_keys[1] - 1
            -- Multiplied, not divided: numeric division rounds, and equal keys would be no order.
            ELSE (v_keys[v_last_fast - 1] + v_keys[v_last_fast]) * 0.5 END;
        END IF;
      END IF;
    END IF;

    INSERT INTO teleop.robot_queue (robot_id, user_id, status, fast_track, order_key)
    VALUES (p_robot, p_user, 'waiting', fast_track, v_key);
    v_turn := teleop.touch_queue(p_robot);
    code := 'JOINED';
    status := 'waiting';
    IF "position" = 1 AND v_robot.is_available AND NOT v_active
      AND teleop.activate_next(p_robot, v_turn, p_session_seconds) THEN
      status := 'active';
    END IF;
  END
  $$;
`;
