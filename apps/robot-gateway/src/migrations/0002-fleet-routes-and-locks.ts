import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COMMAND_TRANSITIONS } from '../commands/domain/command-status';
import { ROUTE_TRANSITIONS } from '../routes/domain/route-status';
import { transitionsSql } from './transitions';

const TABLES = `
  -- Allowed transitions of every state machine of this schema; written by migrations, read by the guard below.
  CREATE TABLE robots.state_transition (
    machine text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    PRIMARY KEY (machine, from_state, to_state)
  );

  -- An illegal transition cannot be written, whoever writes it. The trigger's argument names the machine.
  CREATE FUNCTION robots.guard_transition() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT EXISTS (
      SELECT 1 FROM robots.state_transition
      WHERE machine = TG_ARGV[0] AND from_state = OLD.status AND to_state = NEW.status
    ) THEN
      RAISE EXCEPTION '%: % may not become %', TG_ARGV[0], OLD.status, NEW.status
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END
  $$;

  CREATE TABLE robots.robot (
    robot_id text PRIMARY KEY CHECK (robot_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    name text NOT NULL,
    -- SHA-256 of a long random key, lower-case hex; null: no key opens it.
    api_key_hash text UNIQUE CHECK (api_key_hash ~ '^[0-9a-f]{64}$'),
    capabilities jsonb NOT NULL DEFAULT '{}',
    limits jsonb NOT NULL DEFAULT '{}',
    url text,
    url_at timestamptz,
    -- Telemetry, written every few seconds; the newest is in Redis and in the replicas' memory.
    last_state jsonb,
    last_state_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );

  -- Who holds the manual-drive lock. Who may command this moment is the lease: an Admin's hand can come in between.
  CREATE TABLE robots.drive_lock (
    robot_id text PRIMARY KEY REFERENCES robots.robot ON DELETE CASCADE,
    user_id uuid NOT NULL,
    holder_name text NOT NULL,
    role text NOT NULL CHECK (role IN ('Admin', 'Operator')),
    acquired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
  );

  CREATE TABLE robots.route (
    route_id uuid PRIMARY KEY,
    robot_id text NOT NULL REFERENCES robots.robot ON DELETE CASCADE,
    start_node text NOT NULL,
    destination text NOT NULL,
    added_by_id uuid NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Place in the queue: smaller is earlier. Between two there is always room.
    order_key numeric NOT NULL,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'dispatching', 'active', 'done', 'canceled', 'lost')),
    -- The NAVIGATE that carries it, by which new firmware names it. Kept when the robot may have had it after all.
    dispatch_id uuid,
    dispatched_at timestamptz,
    cancel_requested boolean NOT NULL DEFAULT false,
    attempts integer NOT NULL DEFAULT 0,
    finished_at timestamptz,
    CHECK (status NOT IN ('dispatching', 'active') OR (dispatch_id IS NOT NULL AND dispatched_at IS NOT NULL)),
    CHECK ((status IN ('done', 'canceled', 'lost')) = (finished_at IS NOT NULL))
  );
  CREATE UNIQUE INDEX route_one_under_way ON robots.route (robot_id) WHERE status IN ('dispatching', 'active');
  CREATE UNIQUE INDEX route_queue ON robots.route (robot_id, order_key) WHERE status = 'queued';
  CREATE INDEX route_of_robot ON robots.route (robot_id, dispatched_at);
  CREATE INDEX route_finished ON robots.route (finished_at) WHERE finished_at IS NOT NULL;
  CREATE TRIGGER route_transition BEFORE UPDATE OF status ON robots.route
    FOR EACH ROW EXECUTE FUNCTION robots.guard_transition('route');

  -- Commands of people that must arrive or be reported failed: NAVIGATE, CANCEL.
  CREATE TABLE robots.command (
    command_id uuid PRIMARY KEY,
    robot_id text NOT NULL REFERENCES robots.robot ON DELETE CASCADE,
    body jsonb NOT NULL,
    issued_by uuid NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'acknowledged', 'failed')),
    reason text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    settled_at timestamptz,
    CHECK ((status IN ('acknowledged', 'failed')) = (settled_at IS NOT NULL))
  );
  CREATE INDEX command_of_robot ON robots.command (robot_id, created_at);
  CREATE INDEX command_open ON robots.command (created_at) WHERE settled_at IS NULL;
  CREATE INDEX command_settled ON robots.command (settled_at) WHERE settled_at IS NOT NULL;
  CREATE TRIGGER command_transition BEFORE UPDATE OF status ON robots.command
    FOR EACH ROW EXECUTE FUNCTION robots.guard_transition('command');

  CREATE TABLE robots.event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    robot_id text NOT NULL REFERENCES robots.robot ON DELETE CASCADE,
    event text,
    priority text NOT NULL CHECK (priority IN ('INFO', 'WARN', 'ERROR')),
    message text NOT NULL,
    -- What else came with it: the step it tells of.
    detail jsonb NOT NULL DEFAULT '{}',
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  -- A robot that was not answered sends its event again: the same event of the same moment is one.
  CREATE UNIQUE INDEX event_once ON robots.event (robot_id, event, occurred_at, detail) WHERE event IS NOT NULL;
  CREATE INDEX event_of_robot ON robots.event (robot_id, event_id DESC);
  CREATE INDEX event_received ON robots.event (received_at);

  -- What the lease is called to people who are refused because of it.
  ALTER TABLE robots.lease ADD COLUMN holder_name text;
`;

export class FleetRoutesAndLocks1764100000002 implements MigrationInterface {
  readonly name = 'FleetRoutesAndLocks1764100000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(transitionsSql('route', ROUTE_TRANSITIONS));
    await runner.query(transitionsSql('command', COMMAND_TRANSITIONS));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE robots.lease DROP COLUMN holder_name');
    await runner.query(
      'DROP TABLE robots.event, robots.command, robots.route, robots.drive_lock, robots.robot, robots.state_transition',
    );
    await runner.query('DROP FUNCTION robots.guard_transition()');
  }
}
