import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an operator wants locked from the start is his; what the lock grows to is of one recording. */
const REGION = `
  ALTER TABLE teach.teach_session
    ADD COLUMN region_json jsonb NOT NULL DEFAULT '{"nodeIds": [], "pathIds": []}';
`;

export class Regions1764100000004 implements MigrationInterface {
  readonly name = 'Regions1764100000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REGION);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE teach.teach_session DROP COLUMN region_json');
  }
}
