/**
 * A year of history in seconds. Foreign keys are not checked on the way in (session_replication_role), or a million rows
 * would take a minute; they hold by construction. $1 users, $2 sessions.
 */
export const FILL_SESSIONS = {
  users: `
    UPDATE teleop.users SET total_points = (hashint4(('x' || right(user_id::text, 7))::bit(28)::int) & 65535)`,
  sessions: `
    INSERT INTO teleop.tele_op_control_history (user_id, robot_id, control_token, issued_at, expires_at,
      controlled_end_time, controlled_hours, reward_points, controlled_status)
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n % $1::int), 12, '0'))::uuid, 'bench' || n % 3, 'token-' || n,
      at, at + interval '300 s', at + make_interval(secs => 10 + n % 290), (10 + n % 290) / 3600.0, 10, 'completed'
    FROM generate_series(1, $2::int) n, LATERAL (SELECT now() - make_interval(secs => n * 30.0)) a(at)`,
} as const;

/** A busy day: five users in a hundred earned points, which moves the rank of nearly everybody. */
export const FIVE_PERCENT_EARN = `
  UPDATE teleop.users SET total_points = total_points + 1 + (hashint8($1::int * 1000003 + ('x' || right(user_id::text, 7))::bit(28)::int) & 511)
  WHERE ('x' || right(user_id::text, 7))::bit(28)::int % 20 = $1::int % 20`;

const COLUMNS = 'rank, user_id, user_name, email, wallet_address, total_points, total_hours';

const RANKING = `
  SELECT row_number() OVER (ORDER BY u.total_points DESC, h.hours DESC, u.user_id)::int AS rank, u.user_id, u.user_name,
    u.email, coalesce(nullif(u.solana_address, ''), nullif(u.ethereum_address, ''), nullif(u.base_address, ''),
    nullif(u.monad_receive_address, '')) AS wallet_address, u.total_points, h.hours AS total_hours
  FROM (SELECT user_id, sum(coalesce(controlled_hours, 0)) AS hours FROM teleop.tele_op_control_history GROUP BY user_id) h
  JOIN teleop.users u USING (user_id)`;

/** The plainest ways to have the same board, none of which empties it for readers. */
export const BARE_REBUILDS: Readonly<Record<string, string>> = {
  // The INSERT reads the DELETE's result, or it would run first and meet the old rows.
  'one statement: DELETE + INSERT … SELECT': `
    WITH gone AS (DELETE FROM teleop.tele_op_leaderboard RETURNING 1)
    INSERT INTO teleop.tele_op_leaderboard (${COLUMNS})
    SELECT r.* FROM (SELECT count(*) AS n FROM gone) g CROSS JOIN LATERAL (SELECT * FROM (${RANKING}) x WHERE g.n >= 0) r`,
  'swap of a new table': `
    BEGIN;
    CREATE TABLE teleop.next_board (LIKE teleop.tele_op_leaderboard);
    INSERT INTO teleop.next_board (${COLUMNS}) ${RANKING};
    ALTER TABLE teleop.next_board ADD PRIMARY KEY (user_id);
    CREATE INDEX ON teleop.next_board (rank);
    DROP TABLE teleop.tele_op_leaderboard;
    ALTER TABLE teleop.next_board RENAME TO tele_op_leaderboard;
    COMMIT;`,
};

export const SAME_RANKS = `SELECT count(*)::int AS rows, sum(rank::bigint * total_points)::text AS digest FROM teleop.tele_op_leaderboard`;
