import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STEP_TRANSITIONS, TASK_TRANSITIONS } from '../tasks/domain/task-status';
import { transitionsSql } from './transitions';

const TABLES = `
  -- Robots are named, not referred to: a task outlives its robot, and says how it ended.
  CREATE TABLE robots.task (
    task_id uuid PRIMARY KEY,
    -- Order of asking: of the queue, and of pages.
    task_no bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    mission_id uuid NOT NULL,
    mission_version integer,
    requested_robot_id text,
    robot_id text,
    -- What all steps together ask of a robot: capabilities, ranges.
    demands jsonb NOT NULL,
    -- Nodes that it leads to, in their order; the first ones only, to estimate by.
    tour text[] NOT NULL,
    status text NOT NULL DEFAULT 'QUEUED'
      CHECK (status IN ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'CANCELED')),
    -- Position of the step that is next or under way; total_steps when all are done.
    current_step integer NOT NULL DEFAULT 0 CHECK (current_step BETWEEN 0 AND total_steps),
    total_steps integer NOT NULL CHECK (total_steps > 0),
    pause_requested boolean NOT NULL DEFAULT false,
    reason text,
    error_code text,
    error_message text,
    created_by uuid NOT NULL,
    correlation_id text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    -- Since when the current step could begin, but for what it waits for.
    step_since timestamptz,
    -- The CANCEL that the robot has not confirmed yet; null when there is none.
    stop_command_id uuid,
    stop_since timestamptz,
    stop_tried_at timestamptz,
    stop_sent_at timestamptz,
    CHECK (status NOT IN ('RUNNING', 'PAUSED') OR (robot_id IS NOT NULL AND started_at IS NOT NULL)),
    CHECK (status <> 'DONE' OR current_step = total_steps),
    CHECK ((status = 'FAILED') = (error_code IS NOT NULL)),
    CHECK ((status IN ('DONE', 'FAILED', 'CANCELED')) = (finished_at IS NOT NULL)),
    CHECK ((stop_command_id IS NULL) = (stop_since IS NULL))
  );
  CREATE UNIQUE INDEX task_one_on_robot ON robots.task (robot_id) WHERE status IN ('RUNNING', 'PAUSED');
  CREATE INDEX task_queue ON robots.task (task_no) WHERE status = 'QUEUED';
  CREATE INDEX task_of_robot ON robots.task (coalesce(robot_id, requested_robot_id), task_no DESC);
  CREATE INDEX task_of_mission ON robots.task (mission_id, task_no DESC);
  CREATE INDEX task_by_status ON robots.task (status, task_no DESC);
  CREATE INDEX task_finished ON robots.task (finished_at) WHERE finished_at IS NOT NULL;
  CREATE UNIQUE INDEX task_stop ON robots.task (stop_command_id) WHERE stop_command_id IS NOT NULL;
  CREATE TRIGGER task_transition BEFORE UPDATE OF status ON robots.task
    FOR EACH ROW EXECUTE FUNCTION robots.guard_transition('task');

  CREATE TABLE robots.task_step (
    task_id uuid NOT NULL REFERENCES robots.task ON DELETE CASCADE,
    position integer NOT NULL,
    step_id uuid NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    required_time_s double precision,
    status text NOT NULL DEFAULT 'PENDING'
      CHECK (status IN ('PENDING', 'SENT', 'RUNNING', 'DONE', 'FAILED', 'CANCELED')),
    -- Of the last attempt. What the robot calls the step is another id at each attempt: what it still says of an earlier
    -- one, or of the same step of the mission in another place, must not be taken for this one's result.
    command_id uuid UNIQUE,
    wire_step_id uuid,
    path text[],
    timeout_s double precision,
    sent_at timestamptz,
    tried_at timestamptz,
    delivered_at timestamptz,
    deadline_at timestamptz,
    finished_at timestamptz,
    reason text,
    PRIMARY KEY (task_id, position),
    UNIQUE (task_id, wire_step_id),
    CHECK (status NOT IN ('SENT', 'RUNNING')
      OR (command_id IS NOT NULL AND wire_step_id IS NOT NULL AND timeout_s IS NOT NULL AND sent_at IS NOT NULL)),
    CHECK ((status IN ('DONE', 'FAILED', 'CANCELED')) = (finished_at IS NOT NULL))
  );
  CREATE UNIQUE INDEX task_step_one_under_way ON robots.task_step (task_id) WHERE status IN ('SENT', 'RUNNING');
  CREATE TRIGGER task_step_transition BEFORE UPDATE OF status ON robots.task_step
    FOR EACH ROW EXECUTE FUNCTION robots.guard_transition('task_step');
`;

export class Tasks1764100000004 implements MigrationInterface {
  readonly name = 'Tasks1764100000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(transitionsSql('task', TASK_TRANSITIONS));
    await runner.query(transitionsSql('task_step', STEP_TRANSITIONS));
  }

  /** Tasks are forgotten; robots go on with the step they are at. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE robots.task_step, robots.task');
    await runner.query(`DELETE FROM robots.state_transition WHERE machine IN ('task', 'task_step')`);
  }
}
