import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = `
  -- Who teaches the robot while a lock of purpose teach lasts: to give him the lease again after somebody came in between.
  ALTER TABLE robots.traffic_lock ADD COLUMN teacher_id uuid, ADD COLUMN teacher_name text,
    ADD CHECK ((teacher_id IS NULL) = (teacher_name IS NULL));
  CREATE INDEX traffic_lock_teaching ON robots.traffic_lock (robot_id) WHERE ended_at IS NULL AND purpose = 'teach';
`;

export class TeachLocks1764200000005 implements MigrationInterface {
  readonly name = 'TeachLocks1764200000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
  }

  /** Teaching that goes on loses its teacher with his next heartbeat after an Admin's hand. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX robots.traffic_lock_teaching');
    await runner.query('ALTER TABLE robots.traffic_lock DROP COLUMN teacher_id, DROP COLUMN teacher_name');
  }
}
