import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface TestUser {
  readonly userId: string;
  readonly hashCode: string;
  readonly name: string;
}

export interface UserOptions {
  userClass?: 'Explorer Member' | 'Amplifier Member' | 'Innovator Member';
  name?: string;
  email?: string;
  role?: string;
  monad?: string | null;
  solana?: string | null;
}

/** Rows of schema teleop, made as an operator would: by SQL. */
export class TeleopData {
  constructor(readonly pool: pg.Pool) {}

  static connect(databaseUrl: string): TeleopData {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    // The server may be killed by the test; the pool connects anew.
    pool.on('error', () => undefined);
    return new TeleopData(pool);
  }

  async user(options: UserOptions = {}): Promise<TestUser> {
    const userId = randomUUID();
    const hashCode = `hash-${randomUUID()}`;
    const name = options.name ?? `user-${userId.slice(0, 8)}`;
    await this.pool.query(
      `INSERT INTO teleop.users (user_id, user_name, email, user_class, role, hash_code, monad_receive_address, solana_address)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        userId,
        name,
        options.email ?? `${name}@example.org`,
        options.userClass ?? 'Innovator Member',
        options.role ?? 'Viewer',
        hashCode,
        options.monad ?? null,
        options.solana ?? null,
      ],
    );
    return { userId, hashCode, name };
  }

  async users(count: number, options: UserOptions = {}): Promise<TestUser[]> {
    const users: TestUser[] = [];
    for (let index = 0; index < count; index += 1) users.push(await this.user(options));
    return users;
  }

  async robot(
    robotId: string,
    columns: {
      requiresMonad?: boolean;
      dailyJoins?: number;
      lifetimeSessions?: number;
      livePaused?: boolean;
    } = {},
  ): Promise<string> {
    await this.pool.query(
      `INSERT INTO teleop.robot_status (robot_id, requires_monad, amplifier_daily_joins, amplifier_lifetime_sessions, live_paused)
       VALUES ($1, $2, $3, $4, $5)`,
      [
        robotId,
        columns.requiresMonad ?? false,
        columns.dailyJoins ?? null,
        columns.lifetimeSessions ?? null,
        columns.livePaused ?? false,
      ],
    );
    return robotId;
  }

  async rows<R extends object>(sql: string, params: unknown[] = []): Promise<R[]> {
    return (await this.pool.query(sql, params)).rows as R[];
  }

  /** What must be true at all times, as SQL; returns the violations found (none: all is well). */
  async violations(): Promise<string[]> {
    const found: string[] = [];
    for (const [name, sql] of Object.entries(INVARIANTS)) {
      const rows = await this.rows(sql);
      if (rows.length > 0) found.push(`${name}: ${JSON.stringify(rows.slice(0, 3))}`);
    }
    return found;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** Each selects the rows that break it. */
export const INVARIANTS = {
  'two active on a robot': `SELECT robot_id FROM teleop.robot_queue WHERE status = 'active' GROUP BY robot_id HAVING count(*) > 1`,
  'a user in two queues': `SELECT user_id FROM teleop.robot_queue WHERE status IN ('waiting', 'active') GROUP BY user_id HAVING count(*) > 1`,
  'two live rows with one order key': `SELECT robot_id, order_key FROM teleop.robot_queue WHERE status IN ('waiting', 'active')
    GROUP BY robot_id, order_key HAVING count(*) > 1`,
  'positions are not 1..n': `SELECT robot_id FROM (
      SELECT robot_id, teleop.queue_position(robot_id, status, order_key) AS position,
        row_number() OVER (PARTITION BY robot_id ORDER BY status = 'active' DESC, order_key) AS expected
      FROM teleop.robot_queue WHERE status IN ('waiting', 'active')) p WHERE position <> expected`,
  'someone waits behind nobody while the robot is free': `SELECT r.robot_id FROM teleop.robot_status r
    WHERE r.is_available AND EXISTS (SELECT 1 FROM teleop.robot_queue q WHERE q.robot_id = r.robot_id AND q.status = 'waiting')
      AND NOT EXISTS (SELECT 1 FROM teleop.robot_queue q WHERE q.robot_id = r.robot_id AND q.status = 'active')`,
  'an ended session is not settled': `SELECT h.id FROM teleop.tele_op_control_history h
    JOIN teleop.robot_queue q ON q.control_token = h.control_token
    WHERE q.status IN ('completed', 'left') AND h.controlled_end_time IS NULL`,
  'a session under way is settled': `SELECT h.id FROM teleop.tele_op_control_history h
    JOIN teleop.robot_queue q ON q.control_token = h.control_token
    WHERE q.status = 'active' AND h.controlled_end_time IS NOT NULL`,
  'a session is paid twice': `SELECT control_token FROM teleop.point_transactions
    WHERE transaction_type <> 'dolls_compare_reward' GROUP BY control_token HAVING count(*) > 1`,
  'a user has two first times': `SELECT user_id FROM teleop.point_transactions WHERE transaction_type = 'first_time_tele_op'
    GROUP BY user_id HAVING count(*) > 1`,
  'history and ledger differ': `SELECT h.id FROM teleop.tele_op_control_history h
    LEFT JOIN (SELECT control_token, sum(points_change) AS points FROM teleop.point_transactions GROUP BY 1) t USING (control_token)
    WHERE h.reward_points <> coalesce(t.points, 0)`,
  'total is not the sum of the ledger': `SELECT u.user_id FROM teleop.users u
    LEFT JOIN (SELECT user_id, sum(points_change) AS points FROM teleop.point_transactions GROUP BY 1) t USING (user_id)
    WHERE u.total_points <> coalesce(t.points, 0)`,
  'the status row names another user': `SELECT r.robot_id FROM teleop.robot_status r
    JOIN teleop.robot_queue q ON q.robot_id = r.robot_id AND q.status = 'active'
    WHERE r.current_user_id IS DISTINCT FROM q.user_id`,
} as const;
