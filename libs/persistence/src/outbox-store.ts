import type pg from 'pg';
import type { Database } from './database';
import { translated } from './errors';
import { identifier } from './identifier';
import { OutboxLease } from './outbox-lease';
import { execute } from './statement';
import type { Tx } from './tx';

/** The outbox table of a schema. */
export class OutboxStore {
  readonly #table: string;

  constructor(
    private readonly database: Database,
    private readonly schema: string,
    /** Milliseconds that a relay which hangs keeps its lease: PostgreSQL then ends its idle session. */
    private readonly leaseIdleMs = 10_000,
  ) {
    this.#table = `${identifier(schema)}.outbox`;
  }

  async append(tx: Tx, event: string, payload: object, trace: string | undefined): Promise<void> {
    await tx.query(`INSERT INTO ${this.#table} (event, payload, trace) VALUES ($1, $2, $3)`, [
      event,
      JSON.stringify(payload),
      trace ?? null,
    ]);
  }

  /** What is committed and not announced yet. */
  async pending(): Promise<{ rows: number; oldestAgeSeconds: number }> {
    const row = await this.database.one<{ rows: string; age: string | null }>(
      `SELECT count(*) AS rows, extract(epoch FROM clock_timestamp() - min(occurred_at)) AS age FROM ${this.#table}`,
    );
    return { rows: Number(row.rows), oldestAgeSeconds: Math.max(0, Number(row.age ?? 0)) };
  }

  /** The lease, or undefined while another process holds it. */
  async tryLead(): Promise<OutboxLease | undefined> {
    const client = await this.database.checkout();
    try {
      if (await this.lock(client)) return new OutboxLease(client, this.schema);
      client.release();
      return undefined;
    } catch (error) {
      client.release(true);
      throw translated(error);
    }
  }

  private async lock(client: pg.PoolClient): Promise<boolean> {
    const { rows } = await execute<{ locked: boolean }>(
      client,
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
      [`outbox:${this.#table}`],
    );
    if (rows[0]?.locked !== true) return false;
    await client.query(`SET idle_session_timeout = ${Math.trunc(this.leaseIdleMs)}`);
    return true;
  }
}
