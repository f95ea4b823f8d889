import { Injectable } from '@nestjs/common';
import type { LeaderboardAnswer, LeaderboardRow } from '@teleop/contracts';
import { Database, type Tx } from '@teleop/persistence';
import { maskEmailOrNull, maskValueOrNull } from '../users/mask';
import type { Board } from './boards';

const mask = (row: LeaderboardRow): LeaderboardRow => ({
  ...row,
  email: maskEmailOrNull(row.email),
  wallet_address: maskValueOrNull(row.wallet_address),
});

/** Reads and rebuilds the boards. */
@Injectable()
export class Leaderboards {
  constructor(private readonly database: Database) {}

  /** The first 50, and the given user's own row wherever it stands; null when they are on no rank. */
  async read(board: Board, userId: string | undefined): Promise<LeaderboardAnswer> {
    const [top, self] = await Promise.all([
      this.database.query<LeaderboardRow>(board.top),
      userId === undefined ? undefined : this.database.maybe<LeaderboardRow>(board.self, [userId]),
    ]);
    return { success: true, leaderboard: top.map(mask), self: self === undefined ? null : mask(self) };
  }

  /** Rebuilds and returns the number of rows on the board. Two at once: the second waits, then finds nothing to change. */
  rebuild(board: Board): Promise<number> {
    return this.database.transaction((tx) => this.rebuildIn(tx, board));
  }

  /** `rebuild` inside the caller's transaction. */
  async rebuildIn(tx: Tx, board: Board): Promise<number> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [board.lock]);
    // A million sessions take a second or two; the ordinary statement time-out is for requests.
    await tx.query("SET LOCAL statement_timeout = '5min'");
    await tx.query(board.rebuild);
    return (await tx.one<{ rows: number }>(board.count)).rows;
  }
}
