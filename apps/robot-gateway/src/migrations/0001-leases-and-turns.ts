import { outboxInboxDdl } from '@teleop/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE robots.lease (
    robot_id text PRIMARY KEY CHECK (robot_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    epoch bigint NOT NULL,
    holder_kind text NOT NULL CHECK (holder_kind IN ('none', 'session', 'drive_lock', 'teach', 'preemption')),
    holder text,
    turn bigint,
    token_hash text,
    user_id uuid,
    expires_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (holder_kind <> 'session' OR (turn IS NOT NULL AND token_hash IS NOT NULL))
  );

  -- An epoch that went back would make an old command valid again: the database itself refuses it.
  CREATE FUNCTION robots.epoch_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    -- The same holder may renew under the same epoch; another one needs a new epoch.
    IF NEW.epoch < OLD.epoch OR (NEW.epoch = OLD.epoch AND (NEW.holder_kind, NEW.holder, NEW.turn)
        IS DISTINCT FROM (OLD.holder_kind, OLD.holder, OLD.turn)) THEN
      RAISE EXCEPTION 'lease of %: epoch % does not follow %', NEW.robot_id, NEW.epoch, OLD.epoch;
    END IF;
    RETURN NEW;
  END
  $$;
  CREATE TRIGGER lease_epoch_only_grows BEFORE UPDATE ON robots.lease
    FOR EACH ROW EXECUTE FUNCTION robots.epoch_only_grows();

  -- The newest turn of each robot that queue-service has told of.
  CREATE TABLE robots.turn (
    robot_id text PRIMARY KEY CHECK (robot_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    turn bigint NOT NULL,
    token_hash text NOT NULL,
    user_id uuid NOT NULL,
    expires_at timestamptz,
    ended_at timestamptz,
    end_reason text,
    -- Last frame of the driver, written every few seconds; null until he connects for the first time.
    driver_seen_at timestamptz,
    -- When queue-service was told that he fell silent: once per turn.
    inactive_at timestamptz,
    CHECK (ended_at IS NOT NULL OR expires_at IS NOT NULL)
  );
  CREATE INDEX turn_running ON robots.turn (driver_seen_at) WHERE ended_at IS NULL;
`;

export class LeasesAndTurns1763700000002 implements MigrationInterface {
  readonly name = 'LeasesAndTurns1763700000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(outboxInboxDdl('robots'));
  }

  /** Everything in the schema came with this migration; undoing it forgets all epochs, so robots must reconnect. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE robots.lease, robots.turn, robots.outbox, robots.inbox');
    await runner.query('DROP FUNCTION robots.epoch_only_grows()');
  }
}
