import { runMigrations } from '@teleop/persistence';
import { LeasesAndTurns1763700000002 } from './0001-leases-and-turns';
import { FleetRoutesAndLocks1764100000002 } from './0002-fleet-routes-and-locks';
import { MapAndTraffic1764100000003 } from './0003-map-and-traffic';
import { Tasks1764100000004 } from './0004-tasks';
import { TeachLocks1764200000005 } from './0005-teach-locks';

export const SCHEMA = 'robots';

/** Brings schema robots up to date; returns the migrations that ran. */
export function migrateRobots(databaseUrl: string): Promise<string[]> {
  return runMigrations({
    databaseUrl,
    schema: SCHEMA,
    migrations: [
      LeasesAndTurns1763700000002,
      FleetRoutesAndLocks1764100000002,
      MapAndTraffic1764100000003,
      Tasks1764100000004,
      TeachLocks1764200000005,
    ],
  });
}
