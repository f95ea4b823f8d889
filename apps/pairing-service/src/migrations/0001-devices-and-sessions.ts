import { outboxInboxDdl } from '@teleop/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE pairing.device (
    device_id text PRIMARY KEY CHECK (device_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    -- Lower case: whose signature opens a pairing.
    evm_address text NOT NULL CHECK (evm_address ~ '^0x[0-9a-f]{40}$'),
    name text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Written every few seconds while its socket is open, and when it closes.
    last_seen timestamptz
  );

  -- The audit of who was joined with whom. Never a payload, a token or a key. No reference to device: what happened stays on
  -- record when a device is removed.
  CREATE TABLE pairing.session (
    session_id uuid PRIMARY KEY,
    device_id text NOT NULL,
    app_connection_id uuid NOT NULL,
    app_address text NOT NULL,
    -- Hash of the token that was claimed: ties the session to log lines without giving the token away.
    token_sha256 text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Moved on while somebody holds the session; one that stands still is closed by the sweep.
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    end_reason text,
    device_messages bigint NOT NULL DEFAULT 0,
    device_bytes bigint NOT NULL DEFAULT 0,
    app_messages bigint NOT NULL DEFAULT 0,
    app_bytes bigint NOT NULL DEFAULT 0,
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
  );
  CREATE INDEX session_device ON pairing.session (device_id, started_at DESC);
  CREATE INDEX session_open ON pairing.session (seen_at) WHERE ended_at IS NULL;
`;

export class DevicesAndSessions1764100000001 implements MigrationInterface {
  readonly name = 'DevicesAndSessions1764100000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(outboxInboxDdl('pairing'));
  }

  /** Everything in the schema came with this migration; undoing it forgets all devices and the audit. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pairing.device, pairing.session, pairing.outbox, pairing.inbox');
  }
}
