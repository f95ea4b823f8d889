import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { DatabaseUnavailable, spoilsConnection, translated } from './errors';
import { OpenTransaction } from './open-transaction';
import { execute } from './statement';
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
  /** Milliseconds a transaction may sit idle: its locks hold up everybody else. */
  readonly idleInTransactionTimeoutMs?: number;
  /** Milliseconds to wait for a free or new connection. */
  readonly connectTimeoutMs?: number;
  readonly onPoolError?: (error: Error) => void;
}

/** A server that is gone without a word cannot cancel our statement: we give up this long after it should have. */
const SILENT_SERVER_MARGIN_MS = 5_000;

/** The service's PostgreSQL: single statements, transactions, and TypeORM's data source over the same pool. */
@Injectable()
export class Database implements Tx {
  readonly dataSource: DataSource;
  #pool: pg.Pool | undefined;
  readonly #guarded = new WeakSet<pg.PoolClient>();

  constructor(readonly options: DatabaseOptions) {
    const statementTimeoutMs = options.statementTimeoutMs ?? 15_000;
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
        statement_timeout: statementTimeoutMs,
        query_timeout: statementTimeoutMs + SILENT_SERVER_MARGIN_MS,
        idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 30_000,
        connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
        keepAlive: true,
      },
    });
  }

  /** Opens the pool; throws DatabaseUnavailable when PostgreSQL is not there (yet), what it said when it refuses us. */
  async connect(): Promise<void> {
    if (this.dataSource.isInitialized) return;
    try {
      await this.dataSource.initialize();
    } catch (error) {
      throw translated(error);
    }
    this.#pool = (this.dataSource.driver as unknown as { master: pg.Pool }).master;
    this.#pool.on('acquire', (client) => this.guard(client));
  }

  get pool(): pg.Pool {
    if (this.#pool === undefined) throw new DatabaseUnavailable('not connected yet');
    return this.#pool;
  }

  async query<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    // Not pool.query: that one throws the connection away after any error, also after a refused row.
    const client = await this.checkout();
    let spoiled = false;
    try {
      return (await execute<R>(client, sql, params)).rows;
    } catch (error) {
      spoiled = spoilsConnection(error);
      throw error;
    } finally {
      client.release(spoiled);
    }
  }

  async one<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R> {
    return exactlyOne(await this.query<R>(sql, params), sql);
  }

  async maybe<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R | undefined> {
    return (await this.query<R>(sql, params))[0];
  }

  /**
   * Runs `work` in one READ COMMITTED transaction; it is committed when `work` resolves and rolled back when it throws.
   * Never tries again by itself: after a lost COMMIT nobody knows whether it took effect.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.checkout();
    const tx = new OpenTransaction(client);
    try {
      await tx.begin();
      const result = await work(tx);
      await tx.commit();
      return result;
    } catch (error) {
      await tx.rollback();
      throw error;
    } finally {
      client.release(tx.spoiled);
    }
  }

  /** A connection of one's own, for session-level locks. The caller releases it. */
  async checkout(): Promise<pg.PoolClient> {
    return this.pool.connect().catch((error: unknown) => {
      throw translated(error);
    });
  }

  /**
   * The pool listens to idle connections only; one that is lost while in use must not end the process. Whoever uses it
   * hears of it from its next statement. Done as the pool hands it out: the loss may come before the promise is kept.
   */
  private guard(client: pg.PoolClient): void {
    if (this.#guarded.has(client)) return;
    this.#guarded.add(client);
    client.on('error', () => undefined);
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
