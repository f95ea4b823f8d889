import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  -- Every version that ever was: missions name the one they were taught on.
  CREATE TABLE robots.map (
    map_version_id uuid PRIMARY KEY,
    name text NOT NULL,
    document jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    is_active boolean NOT NULL DEFAULT false
  );
  CREATE UNIQUE INDEX map_one_active ON robots.map (is_active) WHERE is_active;

  CREATE TABLE robots.traffic_lock (
    lock_id uuid PRIMARY KEY,
    robot_id text NOT NULL REFERENCES robots.robot ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('teach', 'task', 'other')),
    node_ids text[] NOT NULL,
    path_ids text[] NOT NULL,
    ttl_seconds integer NOT NULL CHECK (ttl_seconds BETWEEN 1 AND 300),
    correlation_id text,
    acquired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN ('released', 'expired')),
    -- When it last gave something up: the newest one tells a replica that missed a hint.
    freed_at timestamptz,
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
  );
  CREATE INDEX traffic_lock_open ON robots.traffic_lock (expires_at) WHERE ended_at IS NULL;
  CREATE INDEX traffic_lock_nodes ON robots.traffic_lock USING gin (node_ids) WHERE ended_at IS NULL;
  CREATE INDEX traffic_lock_paths ON robots.traffic_lock USING gin (path_ids) WHERE ended_at IS NULL;
  CREATE INDEX traffic_lock_robot ON robots.traffic_lock (robot_id);
  CREATE INDEX traffic_lock_ended ON robots.traffic_lock (ended_at) WHERE ended_at IS NOT NULL;
  CREATE INDEX traffic_lock_freed ON robots.traffic_lock (freed_at) WHERE freed_at IS NOT NULL;

  -- Changes of traffic locks go one after the other, until their commit. Taken before any row's lock, or two would wait for
  -- each other.
  CREATE FUNCTION robots.lock_traffic() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('robots.traffic', 0))
  $$;

  -- Two live locks of different robots never share a node or a path, whoever writes them. An exclusion constraint cannot
  -- say so: its ranges would have to end by themselves, and compare the elements of arrays.
  CREATE FUNCTION robots.traffic_lock_alone() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    other robots.traffic_lock;
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'traffic locks are changed in READ COMMITTED only: another snapshot would not show the others';
    END IF;
    PERFORM robots.lock_traffic();
    IF NEW.ended_at IS NOT NULL OR NEW.expires_at <= clock_timestamp() THEN
      RETURN NEW;
    END IF;
    SELECT * INTO other FROM robots.traffic_lock held
    WHERE held.ended_at IS NULL AND held.expires_at > clock_timestamp() AND held.robot_id <> NEW.robot_id
      AND (held.node_ids && NEW.node_ids OR held.path_ids && NEW.path_ids)
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'traffic lock % of % overlaps % of %', NEW.lock_id, NEW.robot_id, other.lock_id, other.robot_id
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'traffic_lock_alone';
    END IF;
    RETURN NEW;
  END
  $$;
  CREATE TRIGGER traffic_lock_alone BEFORE INSERT OR UPDATE ON robots.traffic_lock
    FOR EACH ROW EXECUTE FUNCTION robots.traffic_lock_alone();
`;

export class MapAndTraffic1764100000003 implements MigrationInterface {
  readonly name = 'MapAndTraffic1764100000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  /** Robots forget the map and who keeps what of it; locks that were held are void. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE robots.traffic_lock, robots.map');
    await runner.query('DROP FUNCTION robots.traffic_lock_alone(), robots.lock_traffic()');
  }
}
