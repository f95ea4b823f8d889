import { identifier } from './identifier';

/**
 * The two tables every service has. `outbox`: facts committed with the change they tell of, until the relay has
 * published them; uuidv7 ids keep their order and are the `Nats-Msg-Id`. `inbox`: events a consumer has applied.
 */
export function outboxInboxDdl(schemaName: string): string {
  const schema = identifier(schemaName);
  return `
    CREATE TABLE ${schema}.outbox (
      id uuid PRIMARY KEY DEFAULT uuidv7(),
      event text NOT NULL,
      payload jsonb NOT NULL,
      trace text,
      occurred_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE TABLE ${schema}.inbox (
      consumer text NOT NULL,
      event_id text NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, event_id)
    );
    CREATE INDEX inbox_received_at_idx ON ${schema}.inbox (received_at);
  `;
}
