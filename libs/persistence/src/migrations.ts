import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { translated } from './errors';
import { identifier } from './identifier';

export interface MigrationRun {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** Milliseconds to wait for another process that is migrating the same schema. */
  readonly lockTimeoutMs?: number;
}

/** Another process has been migrating the same schema for too long. */
export class MigrationLocked extends Error {
  override readonly name = 'MigrationLocked';
}

const LOCK_NOT_AVAILABLE = '55P03';

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
  await source.initialize().catch((error: unknown) => {
    throw translated(error);
  });
  const lock = source.createQueryRunner();
  try {
    await takeLock(lock, run.schema, run.lockTimeoutMs ?? 120_000);
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    const done = await source.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    // The lock's session ends with the pool.
    await lock.release();
    await source.destroy();
  }
}

async function takeLock(runner: QueryRunner, schema: string, timeoutMs: number): Promise<void> {
  await runner.query(`SET lock_timeout = ${Math.trunc(timeoutMs)}`);
  try {
    await runner.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`migrate:${schema}`]);
  } catch (error) {
    if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new MigrationLocked(`another process has been migrating schema ${schema} for ${timeoutMs} ms`, {
      cause: error,
    });
  }
}
