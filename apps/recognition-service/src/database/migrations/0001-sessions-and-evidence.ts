import { outboxInboxDdl } from '@teleop/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE recognition.sessions (
    id uuid PRIMARY KEY,
    slot_id bigint NOT NULL,
    room_id bigint NOT NULL,
    mode text NOT NULL CHECK (mode IN ('INITIAL', 'RESCAN')),
    callback_type text NOT NULL CHECK (callback_type IN ('REGULAR', 'EXAM')),
    -- STARTING: cameras are being tried; a replica that dies meanwhile leaves nothing to take over.
    status text NOT NULL CHECK (status IN ('STARTING', 'RUNNING', 'STOPPED')),
    -- What a replica needs to carry on, with camera credentials and faces: emptied when the session is over.
    plan jsonb NOT NULL,
    -- Vectors of all students after one another, float32 little-endian.
    gallery bytea NOT NULL,
    total_students int NOT NULL CHECK (total_students > 0),
    total_cameras int NOT NULL CHECK (total_cameras > 0),
    failed_camera_ids bigint[] NOT NULL DEFAULT '{}',
    -- How the owner's cameras were at its last renewal, for who asks another replica.
    live jsonb NOT NULL DEFAULT '[]',
    owner uuid NOT NULL,
    lease_until timestamptz NOT NULL,
    -- Callbacks failed since the last one that was taken, and since when.
    failures int NOT NULL DEFAULT 0,
    failing_since timestamptz,
    started_at timestamptz NOT NULL,
    stopped_at timestamptz,
    stop_reason text CHECK (stop_reason IN ('REQUESTED', 'ALL_CAMERAS_FAILED', 'CALLBACKS_FAILED', 'TOO_OLD')),
    -- Until then what is still to be told of a session that is over is tried.
    farewell_until timestamptz,
    CHECK ((status = 'STOPPED') = (stopped_at IS NOT NULL AND stop_reason IS NOT NULL)),
    CHECK (status <> 'STOPPED' OR (plan - 'callbackUrl' = '{}' AND gallery = ''))
  );
  CREATE UNIQUE INDEX sessions_live_slot_key ON recognition.sessions (slot_id) WHERE status <> 'STOPPED';
  CREATE INDEX sessions_lease_idx ON recognition.sessions (lease_until)
    WHERE status <> 'STOPPED' OR farewell_until IS NOT NULL;
  CREATE INDEX sessions_stopped_idx ON recognition.sessions (stopped_at) WHERE status = 'STOPPED';

  CREATE TABLE recognition.recognitions (
    session_id uuid NOT NULL REFERENCES recognition.sessions ON DELETE CASCADE,
    user_id bigint NOT NULL,
    confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    camera_id bigint NOT NULL,
    recognized_at timestamptz NOT NULL,
    delivered_at timestamptz,
    -- Once per student and session, whatever replicas do at the same time.
    PRIMARY KEY (session_id, user_id)
  );
  CREATE INDEX recognitions_user_idx ON recognition.recognitions (user_id);

  -- What the attendance backend has to be told, in order.
  CREATE TABLE recognition.callbacks (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    session_id uuid NOT NULL REFERENCES recognition.sessions ON DELETE CASCADE,
    -- Of a recognition; null: a status.
    user_id bigint,
    -- Sent as it was written, the order of its members included.
    payload json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE INDEX callbacks_session_idx ON recognition.callbacks (session_id, seq);

  CREATE TABLE recognition.evidence (
    slot_id bigint NOT NULL,
    file text NOT NULL,
    user_id bigint NOT NULL,
    jpeg bytea NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (slot_id, file)
  );
  ALTER TABLE recognition.evidence ALTER COLUMN jpeg SET STORAGE EXTERNAL;
  CREATE INDEX evidence_user_idx ON recognition.evidence (user_id);
  CREATE INDEX evidence_taken_idx ON recognition.evidence (taken_at);
`;

export class SessionsAndEvidence1764200000001 implements MigrationInterface {
  readonly name = 'SessionsAndEvidence1764200000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(outboxInboxDdl('recognition'));
  }

  /** Everything in the schema came with this migration. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE recognition.callbacks, recognition.recognitions, recognition.evidence, recognition.sessions, recognition.outbox, recognition.inbox',
    );
  }
}
