import { outboxInboxDdl } from '@teleop/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ACTIVATE_NEXT } from '../functions/activate-next.sql';
import { DISCONNECT_DRIVER } from '../functions/disconnect-driver.sql';
import { END_TURN } from '../functions/end-turn.sql';
import { EXPIRE_TURN } from '../functions/expire-turn.sql';
import { FREE_ROBOT } from '../functions/free-robot.sql';
import { GRANT_POINTS } from '../functions/grant-points.sql';
import { HELPERS } from '../functions/helpers.sql';
import { JOIN_QUEUE } from '../functions/join-queue.sql';
import { LEAVE_QUEUE } from '../functions/leave-queue.sql';
import { OPEN_SESSION } from '../functions/open-session.sql';
import { PROMOTE_WAITING } from '../functions/promote-waiting.sql';
import { SESSION_REWARD } from '../functions/session-reward.sql';
import { SETTLE_EVALUATION } from '../functions/settle-evaluation.sql';
import { SETTLE_SESSION } from '../functions/settle-session.sql';
import { TOUCH_QUEUE } from '../functions/touch-queue.sql';
import { TABLES } from '../tables.sql';

/** In the order they call each other. */
const FUNCTIONS = [
  HELPERS,
  SESSION_REWARD,
  GRANT_POINTS,
  SETTLE_SESSION,
  TOUCH_QUEUE,
  ACTIVATE_NEXT,
  END_TURN,
  JOIN_QUEUE,
  LEAVE_QUEUE,
  DISCONNECT_DRIVER,
  EXPIRE_TURN,
  PROMOTE_WAITING,
  OPEN_SESSION,
  FREE_ROBOT,
  SETTLE_EVALUATION,
];

export class FirstTurn1763700000001 implements MigrationInterface {
  readonly name = 'FirstTurn1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(outboxInboxDdl('teleop'));
    for (const definition of FUNCTIONS) await runner.query(definition);
  }

  /** Everything in the schema came with this migration, so undoing it leaves an empty schema (and loses all data). */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA teleop CASCADE');
    await runner.query('CREATE SCHEMA teleop');
  }
}
