import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SESSION_TRANSITIONS } from '../sessions/domain/session-status';
import { guardSql } from './transitions';

const CHANGES = `
  ALTER TABLE teach.teach_session
    -- When it recorded, all times it was started: what comes late still finds where it belongs.
    ADD COLUMN recorded tstzmultirange NOT NULL DEFAULT '{}',
    -- What traffic has confirmed of scope_json.
    ADD COLUMN locked_scope_json jsonb,
    ADD COLUMN correlation_id text,
    ALTER COLUMN scope_json SET DEFAULT '{"nodeIds": [], "pathIds": []}',
    ALTER COLUMN scope_json SET NOT NULL,
    ADD CONSTRAINT recording_is_owned
      CHECK ((status = 'RECORDING') = (owner_id IS NOT NULL) AND (owner_id IS NULL) = (owner_until IS NULL)),
    ADD CONSTRAINT recording_has_a_lock CHECK ((status = 'RECORDING') = (traffic_lock_id IS NOT NULL)),
    ADD CONSTRAINT recording_is_open CHECK ((status = 'RECORDING') = (upper_inf(recorded) AND NOT isempty(recorded)));
  CREATE INDEX teach_session_of_robot ON teach.teach_session (robot_id, finished_at DESC NULLS FIRST);

  -- What recording brings 50 times a second and robot: two indexes, one of them knows what came before.
  ALTER TABLE teach.teach_sample
    DROP CONSTRAINT teach_sample_pkey,
    DROP CONSTRAINT teach_sample_teach_session_id_message_id_key,
    -- The envelope's messageId is the sample's id: delivered twice, it is one sample.
    DROP COLUMN message_id,
    -- JetStream's order, of samples of the same moment.
    ADD COLUMN stream_seq bigint NOT NULL,
    ADD PRIMARY KEY (teach_session_id, teach_sample_id);
  DROP INDEX teach.teach_sample_page;
  CREATE INDEX teach_sample_page ON teach.teach_sample (teach_session_id, ts, stream_seq);
`;

const BACK = `
  DROP TRIGGER teach_session_transition ON teach.teach_session;
  DROP FUNCTION teach.guard_teach_session();
  ALTER TABLE teach.teach_session
    DROP CONSTRAINT recording_is_owned, DROP CONSTRAINT recording_has_a_lock, DROP CONSTRAINT recording_is_open,
    ALTER COLUMN scope_json DROP NOT NULL, ALTER COLUMN scope_json DROP DEFAULT,
    DROP COLUMN recorded, DROP COLUMN locked_scope_json, DROP COLUMN correlation_id;
  ALTER TABLE teach.teach_sample
    DROP CONSTRAINT teach_sample_pkey,
    DROP COLUMN stream_seq,
    ADD COLUMN message_id uuid;
  UPDATE teach.teach_sample SET message_id = teach_sample_id;
  ALTER TABLE teach.teach_sample
    ALTER COLUMN message_id SET NOT NULL,
    ADD PRIMARY KEY (teach_sample_id),
    ADD UNIQUE (teach_session_id, message_id);
  CREATE INDEX teach_sample_page ON teach.teach_sample (teach_session_id, ts, teach_sample_id);
`;

export class Recordings1764100000002 implements MigrationInterface {
  readonly name = 'Recordings1764100000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHANGES);
    await runner.query(guardSql('teach_session', SESSION_TRANSITIONS));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(BACK);
  }
}
