import { outboxInboxDdl } from '@teleop/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE teach.mission (
    mission_id uuid PRIMARY KEY,
    -- Their order, for paging.
    mission_no bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name text NOT NULL CHECK (name <> ''),
    description text,
    -- 0 until it is published; grows by one with each publishing.
    version int NOT NULL DEFAULT 0 CHECK (version >= 0),
    -- Grows with every writing: the ETag.
    revision int NOT NULL DEFAULT 1,
    status text NOT NULL CHECK (status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    required_has_hoist boolean NOT NULL DEFAULT false,
    required_has_telescope boolean NOT NULL DEFAULT false,
    required_has_rotate boolean NOT NULL DEFAULT false,
    required_has_grip boolean NOT NULL DEFAULT false,
    required_capabilities_json jsonb,
    steps_json jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(steps_json) = 'array'),
    estimated_action_time_seconds double precision,
    -- The mission a draft was copied from.
    source_mission_id uuid,
    -- Whose limits it is checked against when nobody names a robot.
    last_teach_robot_id text,
    CHECK ((status = 'DRAFT') OR (version > 0))
  );
  CREATE INDEX mission_of_status ON teach.mission (status, mission_no DESC);

  CREATE TABLE teach.teach_session (
    teach_session_id uuid PRIMARY KEY,
    session_no bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    robot_id text NOT NULL CHECK (robot_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    status text NOT NULL CHECK (status IN ('DRAFT', 'RECORDING', 'STOPPED', 'FAILED')),
    mission_name text,
    created_by uuid NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    draft_mission_id uuid REFERENCES teach.mission,
    traffic_lock_id uuid,
    failure_reason text,
    scope_json jsonb,
    -- Which replica heartbeats the lock, and until when nobody else may.
    owner_id uuid,
    owner_until timestamptz,
    last_update_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((status = 'FAILED') = (failure_reason IS NOT NULL))
  );
  CREATE UNIQUE INDEX teach_session_recording ON teach.teach_session (robot_id) WHERE status = 'RECORDING';
  CREATE INDEX teach_session_of_status ON teach.teach_session (status, session_no DESC);

  CREATE TABLE teach.teach_sample (
    teach_sample_id uuid NOT NULL,
    teach_session_id uuid NOT NULL REFERENCES teach.teach_session,
    -- The envelope's messageId: a sample delivered twice is one sample.
    message_id uuid NOT NULL,
    ts timestamptz NOT NULL,
    pose_x double precision,
    pose_y double precision,
    heading_rad double precision,
    hoist_height double precision,
    telescope_length double precision,
    rotation_angle_deg double precision,
    grip_position double precision,
    raw_json jsonb,
    PRIMARY KEY (teach_sample_id),
    UNIQUE (teach_session_id, message_id)
  );
  CREATE INDEX teach_sample_page ON teach.teach_sample (teach_session_id, ts, teach_sample_id);

  CREATE TABLE teach.mission_execution (
    execution_id uuid PRIMARY KEY,
    execution_no bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    mission_id uuid NOT NULL REFERENCES teach.mission,
    mission_version int NOT NULL,
    -- Unknown until the task has found its robot, when nobody named one.
    robot_id text CHECK (robot_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    -- Made with the execution, so that the task is created once however often it is asked for.
    task_id uuid NOT NULL UNIQUE,
    -- The question to robot-gateway, until the task exists: asked again by whoever finds it unanswered.
    task_request_json jsonb,
    task_created_at timestamptz,
    task_asked_at timestamptz,
    -- The newest announcement of the task that was applied; older ones change nothing.
    task_version int NOT NULL DEFAULT 0,
    status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELED')),
    paused boolean NOT NULL DEFAULT false,
    reason text,
    current_step int NOT NULL DEFAULT 0,
    total_steps int NOT NULL,
    -- It ended here while its task may yet come to be, or be there: that is to be canceled.
    task_cancel_pending boolean NOT NULL DEFAULT false,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    last_update_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    error_code text,
    error_message text,
    correlation_id text,
    CHECK ((finished_at IS NULL) = (status IN ('QUEUED', 'RUNNING'))),
    CHECK ((error_code IS NULL) OR (status = 'FAILED'))
  );
  CREATE INDEX mission_execution_of_mission ON teach.mission_execution (mission_id, execution_no DESC);
  CREATE INDEX mission_execution_of_robot ON teach.mission_execution (robot_id, execution_no DESC);
  CREATE INDEX mission_execution_without_task
    ON teach.mission_execution (task_asked_at) WHERE task_created_at IS NULL AND finished_at IS NULL;
  CREATE INDEX mission_execution_under_way
    ON teach.mission_execution (last_update_at) WHERE finished_at IS NULL;
  CREATE INDEX mission_execution_cancel_pending ON teach.mission_execution (task_asked_at) WHERE task_cancel_pending;
`;

export class MissionsSessionsExecutions1764100000001 implements MigrationInterface {
  readonly name = 'MissionsSessionsExecutions1764100000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(outboxInboxDdl('teach'));
  }

  /** Everything in the schema came with this migration; undoing it forgets all missions and what was taught. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE teach.mission_execution, teach.teach_sample, teach.teach_session, teach.mission, teach.outbox, teach.inbox',
    );
  }
}
