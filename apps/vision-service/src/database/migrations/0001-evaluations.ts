import { outboxInboxDdl } from '@teleop/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE vision.evaluations (
    id uuid PRIMARY KEY,
    robot_id text NOT NULL CHECK (robot_id ~ '^[A-Za-z0-9_-]{1,64}$'),
    -- SHA-256 of the control token, hex; null for an evaluation that settles nothing. The token itself is a secret.
    token_hash text CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    status text NOT NULL CHECK (status IN ('success', 'failed')),
    abnormal boolean NOT NULL,
    reason text,
    success_count int NOT NULL CHECK (success_count >= 0),
    reward_points int NOT NULL,
    model text NOT NULL,
    prompt_version text NOT NULL,
    cost_usd numeric(12, 6),
    -- The answer as it was given, attempts included: asked again, it is given again.
    answer jsonb NOT NULL,
    -- Kind, size and SHA-256 of every frame that was looked at.
    frames jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The rule of payment, held by the database as well.
    CHECK (reward_points = CASE WHEN status = 'success' THEN 100 * success_count ELSE 0 END),
    CHECK ((status = 'success') = (NOT abnormal AND success_count > 0))
  );
  -- One evaluation per control token, whatever replicas do at the same time.
  CREATE UNIQUE INDEX evaluations_token_hash_key ON vision.evaluations (token_hash) WHERE token_hash IS NOT NULL;
  CREATE INDEX evaluations_robot_idx ON vision.evaluations (robot_id, created_at);

  -- Who is evaluating a token right now. Only spares work (evaluations_token_hash_key is what holds), so a crash may
  -- empty it, and no commit has to wait for the disk.
  CREATE UNLOGGED TABLE vision.claims (
    token_hash text PRIMARY KEY,
    holder uuid NOT NULL,
    expires_at timestamptz NOT NULL
  );
`;

export class Evaluations1763900000001 implements MigrationInterface {
  readonly name = 'Evaluations1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(outboxInboxDdl('vision'));
  }

  /** Everything in the schema came with this migration. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE vision.evaluations, vision.claims, vision.outbox, vision.inbox');
  }
}
