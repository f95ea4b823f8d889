import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { DatabaseUnavailable, isTransient } from './errors';
import { exactlyOne, type Tx } from './tx';

export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly applicationName: string;
  // TypeORM's own type for classes
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
  readonly entities?: MixedList<Function | string | EntitySchema>;
  /** Connections this process may open. */
  readonly poolSize?: number;
  /** Milliseconds after which PostgreSQL cancels a statement. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds to wait for a free or new connection. */
  readonly connectTimeoutMs?: number;
  readonly onPoolError?: (error: Error) => void;
}

type Queryable = Pick<pg.ClientBase, 'query'>;

// Statements are few and constant, so every one is prepared once per connection under the hash of its text.
const statementNames = new Map<string, string>();

function statementName(sql: string): string {
  let name = statementNames.get(sql);
  if (name === undefined) {
    name = createHash('sha1').update(sql).digest('base64url');
    statementNames.set(sql, name);
  }
  return name;
}

async function run<R extends object>(on: Queryable, sql: string, params: readonly unknown[]): Promise<R[]> {
  try {
    const result = await on.query<R>({ name: statementName(sql), text: sql, values: params as unknown[] });
    return result.rows;
  } catch (error) {
    if (isTransient(error)) throw new DatabaseUnavailable((error as Error).message, { cause: error });
    throw error;
  }
}

function txOver(client: Queryable): Tx {
  return {
    query: (sql, params = []) => run(client, sql, params),
    one: async <R extends object>(sql: string, params: readonly unknown[] = []) =>
      exactlyOne(await run<R>(client, sql, params), sql),
    maybe: async <R extends object>(sql: string, params: readonly unknown[] = []) =>
      (await run<R>(client, sql, params))[0],
  };
}

/** The service's PostgreSQL: single statements, transactions, and TypeORM's data source over the same pool. */
@Injectable()
export class Database implements Tx {
  readonly dataSource: DataSource;
  #pool: pg.Pool | undefined;

  constructor(readonly options: DatabaseOptions) {
    this.dataSource = new DataSource({
      type: 'postgres',
      url: options.databaseUrl,
      schema: options.schema,
      entities: options.entities ?? [],
      applicationName: options.applicationName,
      poolSize: options.poolSize ?? 16,
      // An idle connection that breaks is replaced by the pool; without a handler it would end the process.
      poolErrorHandler: (error: Error) => options.onPoolError?.(error),
      extra: {
        statement_timeout: options.statementTimeoutMs ?? 15_000,
        connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
        keepAlive: true,
      },
    });
  }

  /** Opens the pool; throws DatabaseUnavailable when PostgreSQL is not there. */
  async connect(): Promise<void> {
    if (this.dataSource.isInitialized) return;
    try {
      await this.dataSource.initialize();
    } catch (error) {
      throw new DatabaseUnavailable((error as Error).message, { cause: error });
    }
    this.#pool = (this.dataSource.driver as unknown as { master: pg.Pool }).master;
  }

  get pool(): pg.Pool {
    if (this.#pool === undefined) throw new DatabaseUnavailable('not connected yet');
    return this.#pool;
  }

  query<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return run(this.pool as unknown as Queryable, sql, params);
  }

  async one<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R> {
    return exactlyOne(await this.query<R>(sql, params), sql);
  }

  async maybe<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R | undefined> {
    return (await this.query<R>(sql, params))[0];
  }

  /** Runs `work` in one READ COMMITTED transaction; it is committed when `work` resolves and rolled back when it throws. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.checkout();
    let broken: Error | undefined;
    // A checked-out client has no listener of the pool's; a lost connection must not end the process.
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      await run(client, 'BEGIN', []);
      const result = await work(txOver(client));
      await run(client, 'COMMIT', []);
      return result;
    } catch (error) {
      await run(client, 'ROLLBACK', []).catch((rollbackError: Error) => (broken ??= rollbackError));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /** A connection of one's own, for session-level locks. The caller releases it. */
  async checkout(): Promise<pg.PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      if (isTransient(error)) throw new DatabaseUnavailable((error as Error).message, { cause: error });
      throw error;
    }
  }

  async ping(): Promise<void> {
    await this.query('SELECT 1 AS up');
  }

  /** Milliseconds by which the database's clock is ahead of this process's, to within half a round trip. */
  async clockSkewMs(): Promise<number> {
    const before = Date.now();
    const { ms } = await this.one<{ ms: string }>(
      'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms',
    );
    return Number(ms) - (before + Date.now()) / 2;
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
