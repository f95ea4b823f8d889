import { runMigrations } from '@teleop/persistence';
import { DevicesAndSessions1764100000001 } from './0001-devices-and-sessions';

export const SCHEMA = 'pairing';

/** Brings schema pairing up to date; returns the migrations that ran. */
export function migratePairing(databaseUrl: string): Promise<string[]> {
  return runMigrations({ databaseUrl, schema: SCHEMA, migrations: [DevicesAndSessions1764100000001] });
}
