import { runMigrations } from '@teleop/persistence';
import { SessionsAndEvidence1764200000001 } from './migrations/0001-sessions-and-evidence';

export const SCHEMA = 'recognition';

/** Brings schema recognition up to date; returns the migrations that ran. */
export function migrateRecognition(databaseUrl: string): Promise<string[]> {
  return runMigrations({ databaseUrl, schema: SCHEMA, migrations: [SessionsAndEvidence1764200000001] });
}
