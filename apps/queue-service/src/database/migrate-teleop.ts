import { runMigrations } from '@teleop/persistence';
import { FirstTurn1763700000001 } from './migrations/0001-first-turn';
import { RanksWithoutIndex1763700000003 } from './migrations/0002-ranks-without-index';

export const SCHEMA = 'teleop';

/** Brings schema teleop up to date; returns the migrations that ran. */
export function migrateTeleop(databaseUrl: string): Promise<string[]> {
  return runMigrations({
    databaseUrl,
    schema: SCHEMA,
    migrations: [FirstTurn1763700000001, RanksWithoutIndex1763700000003],
  });
}
