import type pg from 'pg';
import type { Database } from './database';
import { identifier } from './identifier';
import type { Tx } from './tx';

export interface OutboxRow {
  readonly id: string;
  readonly event: string;
  readonly payload: Record<string, unknown>;
  readonly trace: string | null;
  readonly occurred_at: Date;
}

/** The right to relay one schema's outbox: held by one process at a time, so that facts leave in their order. */
export interface OutboxLease {
  /** The oldest rows of the given events; rows of events this version does not know are left alone. */
  fetch(limit: number, events: readonly string[]): Promise<OutboxRow[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Forgets inbox rows older than the given age. */
  forgetInbox(olderThanMs: number): Promise<void>;
  release(): Promise<void>;
}

/** A relay that hangs keeps its lease at most this long: PostgreSQL then ends its idle session. */
const LEASE_IDLE_TIMEOUT_MS = 10_000;

/** The outbox table of a schema. */
export class OutboxStore {
  readonly #table: string;
  readonly #inbox: string;

  constructor(
    private readonly database: Database,
    schema: string,
  ) {
    this.#table = `${identifier(schema)}.outbox`;
    this.#inbox = `${identifier(schema)}.inbox`;
  }

  async append(tx: Tx, event: string, payload: object, trace: string | undefined): Promise<void> {
    await tx.query(`INSERT INTO ${this.#table} (event, payload, trace) VALUES ($1, $2, $3)`, [
      event,
      JSON.stringify(payload),
      trace ?? null,
    ]);
  }

  async pending(): Promise<{ rows: number; oldestAgeSeconds: number }> {
    const row = await this.database.one<{ rows: string; age: string | null }>(
      `SELECT count(*) AS rows, extract(epoch FROM clock_timestamp() - min(occurred_at)) AS age FROM ${this.#table}`,
    );
    return { rows: Number(row.rows), oldestAgeSeconds: Number(row.age ?? 0) };
  }

  /** The lease, or undefined while another process holds it. */
  async tryLead(): Promise<OutboxLease | undefined> {
    const client = await this.database.checkout();
    let lost: Error | undefined;
    const onError = (error: Error) => (lost = error);
    client.on('error', onError);
    const give = (destroy: boolean) => {
      client.off('error', onError);
      client.release(destroy);
    };
    try {
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_lock(hashtext($1)) AS locked',
        [`outbox:${this.#table}`],
      );
      if (rows[0]?.locked !== true) {
        give(false);
        return undefined;
      }
      await client.query(`SET idle_session_timeout = ${LEASE_IDLE_TIMEOUT_MS}`);
    } catch (error) {
      give(true);
      throw error;
    }
    return this.leaseOver(client, () => lost, give);
  }

  private leaseOver(
    client: pg.PoolClient,
    lost: () => Error | undefined,
    give: (destroy: boolean) => void,
  ): OutboxLease {
    const guarded = async <R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<R[]> => {
      const error = lost();
      if (error !== undefined) throw error;
      return (await client.query<R>(text, values)).rows;
    };
    return {
      fetch: (limit, events) =>
        guarded<OutboxRow>(
          `SELECT id, event, payload, trace, occurred_at FROM ${this.#table}
           WHERE event = ANY($2::text[]) ORDER BY id LIMIT $1`,
          [limit, events],
        ),
      remove: async (ids) => {
        await guarded(`DELETE FROM ${this.#table} WHERE id = ANY($1::uuid[])`, [ids]);
      },
      forgetInbox: async (olderThanMs) => {
        await guarded(
          `DELETE FROM ${this.#inbox} WHERE received_at < now() - make_interval(secs => $1::double precision / 1000)`,
          [olderThanMs],
        );
      },
      // The session ends with the lease: the lock and the changed settings go with it.
      release: () => Promise.resolve(give(true)),
    };
  }
}
