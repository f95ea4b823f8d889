import { runMigrations } from '@teleop/persistence';
import { MissionsSessionsExecutions1764100000001 } from './0001-missions-sessions-executions';
import { Recordings1764100000002 } from './0002-recordings';
import { Guards1764100000003 } from './0003-guards';
import { Regions1764100000004 } from './0004-regions';

export const SCHEMA = 'teach';

/** Brings schema teach up to date; returns the migrations that ran. */
export function migrateTeach(databaseUrl: string): Promise<string[]> {
  return runMigrations({
    databaseUrl,
    schema: SCHEMA,
    migrations: [
      MissionsSessionsExecutions1764100000001,
      Recordings1764100000002,
      Guards1764100000003,
      Regions1764100000004,
    ],
  });
}
