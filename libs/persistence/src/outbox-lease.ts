import type pg from 'pg';
import { identifier } from './identifier';
import { execute } from './statement';

export interface OutboxRow {
  readonly id: string;
  readonly event: string;
  readonly payload: Record<string, unknown>;
  readonly trace: string | null;
  readonly occurred_at: Date;
}

/** Rows forgotten by one statement: more would hold its locks, and vacuum, for long. */
const FORGET_BATCH = 10_000;

/**
 * The right to relay one schema's outbox: a session-level lock, so one process at a time has it and the next gets it as
 * soon as that session ends, however it ends.
 */
export class OutboxLease {
  readonly #schema: string;

  constructor(
    private readonly client: pg.PoolClient,
    schema: string,
  ) {
    this.#schema = identifier(schema);
  }

  /**
   * The oldest rows of the given events, but for those named. Rows of events this version does not know are left alone.
   * uuidv7 keeps the order of facts about one thing: whoever changes it holds its lock until the commit.
   */
  async fetch(
    limit: number,
    events: readonly string[],
    except: readonly string[] = [],
  ): Promise<OutboxRow[]> {
    const { rows } = await execute<OutboxRow>(
      this.client,
      `SELECT id, event, payload, trace, occurred_at FROM ${this.#schema}.outbox
       WHERE event = ANY($2::text[]) AND id <> ALL($3::uuid[]) ORDER BY id LIMIT $1`,
      [limit, events, except],
    );
    return rows;
  }

  async remove(ids: readonly string[]): Promise<void> {
    await execute(this.client, `DELETE FROM ${this.#schema}.outbox WHERE id = ANY($1::uuid[])`, [ids]);
  }

  /** Forgets inbox rows older than the given age, the oldest first; a part of them when there are very many. */
  async forgetInbox(olderThanMs: number): Promise<void> {
    await execute(
      this.client,
      `DELETE FROM ${this.#schema}.inbox WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM ${this.#schema}.inbox
         WHERE received_at < now() - make_interval(secs => $1::double precision / 1000)
         ORDER BY received_at LIMIT ${FORGET_BATCH}))`,
      [olderThanMs],
    );
  }

  /** The session ends with the lease: the lock and the changed settings go with it. */
  async release(): Promise<void> {
    this.client.release(true);
  }
}
