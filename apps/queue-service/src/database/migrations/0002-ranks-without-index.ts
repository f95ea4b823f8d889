import type { MigrationInterface, QueryRunner } from 'typeorm';

const BOARDS = ['tele_op_leaderboard', 'monad_leaderboard'] as const;

/**
 * A few users who earn move nearly everybody's rank. With the rank in an index each of those rows is written three times;
 * ordered by what ranks are made of, and with room left in each page, the row alone is (a heap-only update).
 */
export class RanksWithoutIndex1763700000003 implements MigrationInterface {
  readonly name = 'RanksWithoutIndex1763700000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const board of BOARDS) {
      await runner.query(`ALTER TABLE teleop.${board} SET (fillfactor = 50)`);
      await runner.query(
        `CREATE INDEX ${board}_order ON teleop.${board} (total_points DESC, total_hours DESC, user_id)`,
      );
      await runner.query(`DROP INDEX teleop.${board}_rank_idx`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const board of BOARDS) {
      await runner.query(`CREATE INDEX ${board}_rank_idx ON teleop.${board} (rank)`);
      await runner.query(`DROP INDEX teleop.${board}_order`);
      await runner.query(`ALTER TABLE teleop.${board} RESET (fillfactor)`);
    }
  }
}
