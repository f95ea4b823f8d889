import { runMigrations } from '@teleop/persistence';
import { FirstTurn1763700000001 } from './migrations/0001-first-turn';

export const SCHEMA = 'teleop';

/** Brings schema teleop up to date; returns the migrations that ran. */
export function migrateTeleop(databaseUrl: string): Promise<string[]> {
  return runMigrations({ databaseUrl, schema: SCHEMA, migrations: [FirstTurn1763700000001] });
}
