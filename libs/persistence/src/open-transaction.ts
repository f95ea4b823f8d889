import { spoilsConnection, TransactionAborted } from './errors';
import { execute, type Queryable } from './statement';
import { exactlyOne, type Tx } from './tx';

/** One transaction on one connection. After its end it refuses work: the connection is somebody else's by then. */
export class OpenTransaction implements Tx {
  /** The connection is lost or holds a stale plan: it must not go back to the pool. */
  spoiled = false;
  #over = false;

  constructor(private readonly client: Queryable) {}

  async query<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    if (this.#over) throw new Error(`the transaction is over: ${sql.slice(0, 80)}`);
    return (await this.run<R>(sql, params)).rows;
  }

  async one<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R> {
    return exactlyOne(await this.query<R>(sql, params), sql);
  }

  async maybe<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R | undefined> {
    return (await this.query<R>(sql, params))[0];
  }

  async begin(): Promise<void> {
    await this.run('BEGIN');
  }

  async commit(): Promise<void> {
    this.#over = true;
    // In an aborted transaction PostgreSQL answers COMMIT by ROLLBACK, without an error.
    const { command } = await this.run('COMMIT');
    if (command !== 'COMMIT') throw new TransactionAborted('a statement had failed: nothing was committed');
  }

  /** Never throws: the error that led here is the one to be told. */
  async rollback(): Promise<void> {
    this.#over = true;
    // The server rolls back what a lost connection had begun.
    if (this.spoiled) return;
    try {
      await this.run('ROLLBACK');
    } catch {
      this.spoiled = true;
    }
  }

  private async run<R extends object>(sql: string, params: readonly unknown[] = []) {
    try {
      return await execute<R>(this.client, sql, params);
    } catch (error) {
      this.spoiled ||= spoilsConnection(error);
      throw error;
    }
  }
}
