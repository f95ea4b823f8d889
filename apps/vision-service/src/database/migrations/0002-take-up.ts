import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The stored answer to a token or, where there is none, the claim on it for a while. By statements of their own, each of
 * which sees what was committed before it: an evaluation is stored, and its claim given up, at the same moment, which may
 * lie between the first look and the claim.
 */
const TAKE_UP = `
  CREATE FUNCTION vision.take_up(p_token_hash text, p_holder uuid, p_ms float8, OUT answer jsonb, OUT claimed boolean)
  LANGUAGE plpgsql AS $$
  BEGIN
    claimed := false;
    answer := (SELECT e.answer FROM vision.evaluations e WHERE e.token_hash = p_token_hash);
    IF answer IS NOT NULL THEN RETURN; END IF;
    INSERT INTO vision.claims AS c (token_hash, holder, expires_at)
    VALUES (p_token_hash, p_holder, clock_timestamp() + make_interval(secs => p_ms / 1000))
    ON CONFLICT (token_hash) DO UPDATE SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
      WHERE c.holder = EXCLUDED.holder OR c.expires_at < clock_timestamp();
    claimed := FOUND;
    answer := (SELECT e.answer FROM vision.evaluations e WHERE e.token_hash = p_token_hash);
    IF claimed AND answer IS NOT NULL THEN
      DELETE FROM vision.claims c WHERE c.token_hash = p_token_hash AND c.holder = p_holder;
      claimed := false;
    END IF;
  END
  $$;
`;

export class TakeUp1764180000002 implements MigrationInterface {
  readonly name = 'TakeUp1764180000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TAKE_UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION vision.take_up');
  }
}
