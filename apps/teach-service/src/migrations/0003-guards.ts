import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EXECUTION_TRANSITIONS } from '../executions/domain/execution-machine';
import { MISSION_TRANSITIONS } from '../missions/domain/mission-status';
import { guardSql } from './transitions';

/** What must not come to be cannot be written either: illegal transitions, and changes of what was published. */
const PUBLISHED_STAYS = `
  CREATE FUNCTION teach.guard_published() RETURNS trigger LANGUAGE plpgsql AS $guard$
  BEGIN
    IF OLD.status <> 'DRAFT' AND (NEW.steps_json, NEW.name, NEW.version) IS DISTINCT FROM (OLD.steps_json, OLD.name, OLD.version)
    THEN
      RAISE EXCEPTION 'teach.mission: % is published and must not change', OLD.mission_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'mission_published';
    END IF;
    RETURN NEW;
  END $guard$;
  CREATE TRIGGER mission_published BEFORE UPDATE OF steps_json, name, version ON teach.mission
    FOR EACH ROW EXECUTE FUNCTION teach.guard_published();
`;

export class Guards1764100000003 implements MigrationInterface {
  readonly name = 'Guards1764100000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(guardSql('mission', MISSION_TRANSITIONS));
    await runner.query(guardSql('mission_execution', EXECUTION_TRANSITIONS));
    await runner.query(PUBLISHED_STAYS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER mission_published ON teach.mission;
      DROP FUNCTION teach.guard_published();
      DROP TRIGGER mission_transition ON teach.mission;
      DROP FUNCTION teach.guard_mission();
      DROP TRIGGER mission_execution_transition ON teach.mission_execution;
      DROP FUNCTION teach.guard_mission_execution();
    `);
  }
}
