import type { Database } from './database';
import { identifier } from './identifier';
import type { Tx } from './tx';

/** Applies each event once per consumer: the event's id is recorded in the transaction of its effect. */
export class Inbox {
  readonly #insert: string;

  constructor(
    private readonly database: Database,
    schema: string,
  ) {
    this.#insert = `INSERT INTO ${identifier(schema)}.inbox (consumer, event_id) VALUES ($1, $2)
      ON CONFLICT DO NOTHING RETURNING event_id`;
  }

  /** Runs `apply` unless this consumer has already applied the event; says whether it ran. */
  async once(consumer: string, eventId: string, apply: (tx: Tx) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const fresh = await tx.query(this.#insert, [consumer, eventId]);
      if (fresh.length === 0) return false;
      await apply(tx);
      return true;
    });
  }
}
