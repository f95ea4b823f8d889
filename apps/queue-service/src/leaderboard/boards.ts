import { REBUILD_MONAD, REBUILD_TELE_OP } from './rebuild.sql';

const COLUMNS = `rank, user_id, user_name, email, wallet_address, total_points::float8 AS total_points,
  total_hours::float8 AS total_hours`;

export interface Board {
  readonly rebuild: string;
  readonly top: string;
  readonly self: string;
  readonly count: string;
  /** Advisory lock under which it is rebuilt. */
  readonly lock: string;
}

function board(table: string, rebuild: string): Board {
  return {
    rebuild,
    // By what ranks are made of: an index of the rank itself would be rewritten nearly whole at every rebuild.
    top: `SELECT ${COLUMNS} FROM teleop.${table} b ORDER BY b.total_points DESC, b.total_hours DESC, b.user_id LIMIT 50`,
    self: `SELECT ${COLUMNS} FROM teleop.${table} WHERE user_id = $1`,
    count: `SELECT count(*)::int AS rows FROM teleop.${table}`,
    lock: `leaderboard:${table}`,
  };
}

export const BOARDS = {
  teleOp: board('tele_op_leaderboard', REBUILD_TELE_OP),
  monad: board('monad_leaderboard', REBUILD_MONAD),
} as const;
