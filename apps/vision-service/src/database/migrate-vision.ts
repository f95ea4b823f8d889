import { runMigrations } from '@teleop/persistence';
import { Evaluations1763900000001 } from './migrations/0001-evaluations';
import { TakeUp1764180000002 } from './migrations/0002-take-up';

export const SCHEMA = 'vision';

/** Brings schema vision up to date; returns the migrations that ran. */
export function migrateVision(databaseUrl: string): Promise<string[]> {
  return runMigrations({
    databaseUrl,
    schema: SCHEMA,
    migrations: [Evaluations1763900000001, TakeUp1764180000002],
  });
}
