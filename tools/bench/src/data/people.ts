/** Users and robots that loads and floors can name by number, so that no list has to travel between processes. */
export function userIdOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function hashCodeOf(number: number): string {
  return `hash-${number}`;
}

export function robotIdOf(number: number): string {
  return `bench${number}`;
}

/** $1: how many. Half of them may fast-track. */
export const INSERT_USERS = `
  INSERT INTO teleop.users (user_id, user_name, email, user_class, hash_code, solana_address, monad_receive_address)
  SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'user-' || n, 'user-' || n || '@example.org',
    CASE n % 2 WHEN 0 THEN 'Innovator Member' ELSE 'Amplifier Member' END, 'hash-' || n,
    encode(sha256(convert_to(n::text, 'UTF8')), 'hex'),
    CASE n % 4 WHEN 0 THEN '0x' || substr(encode(sha256(convert_to('monad' || n, 'UTF8')), 'hex'), 1, 40) END
  FROM generate_series(0, $1::int - 1) n
`;

/** $1: how many. No limits of a user's joins: the load joins more often than any person. */
export const INSERT_ROBOTS = `
  INSERT INTO teleop.robot_status (robot_id) SELECT 'bench' || n FROM generate_series(0, $1::int - 1) n
`;

/** The queues as they were before a round. */
export const EMPTY_QUEUES = [
  `TRUNCATE teleop.robot_queue, teleop.tele_op_control_history, teleop.point_transactions, teleop.outbox`,
  `UPDATE teleop.robot_status SET is_available = true, current_user_id = NULL`,
  `UPDATE teleop.users SET total_points = 0 WHERE total_points <> 0`,
] as const;
