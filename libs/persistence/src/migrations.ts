import { DataSource, type MigrationInterface } from 'typeorm';
import { identifier } from './identifier';

export interface MigrationRun {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** Milliseconds to wait for another process that is migrating the same schema. */
  readonly lockTimeoutMs?: number;
}

/**
 * Brings a schema up to date and returns the names of the migrations that ran. Safe to run twice and from several
 * processes at once: the second waits on an advisory lock and then finds nothing to do.
 */
export async function runMigrations(run: MigrationRun): Promise<string[]> {
  const schema = identifier(run.schema);
  const source = new DataSource({
    type: 'postgres',
    url: run.databaseUrl,
    schema: run.schema,
    migrations: [...run.migrations],
    migrationsTableName: 'migration',
    applicationName: `migrate-${run.schema}`,
    poolSize: 4,
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query(`SET lock_timeout = ${Math.trunc(run.lockTimeoutMs ?? 120_000)}`);
    await lock.query('SELECT pg_advisory_lock(hashtext($1))', [`migrate:${run.schema}`]);
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    const done = await source.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    await lock.release();
    await source.destroy();
  }
}
