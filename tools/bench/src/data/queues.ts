import type pg from 'pg';
import { robotIdOf, userIdOf } from './people';

/** Puts `length` users (from `firstUser` on) into a robot's queue: the first active, the others waiting. */
export async function fillQueue(
  pool: pg.Pool,
  robot: number,
  firstUser: number,
  length: number,
): Promise<void> {
  for (let place = 0; place < length; place += 1) {
    // A verified caller (no digest), test mode off, an hour per turn, no fast track.
    const { rows } = await pool.query<{ code: string }>(
      'SELECT code FROM teleop.join_queue($1, $2, NULL, false, 3600, 0)',
      [userIdOf(firstUser + place), robotIdOf(robot)],
    );
    if (rows[0]?.code !== 'JOINED') throw new Error(`the queue could not be filled: ${rows[0]?.code}`);
  }
}

/** A change that is visible in the queue's version alone: nothing is written to the outbox. */
export async function nextVersion(pool: pg.Pool, robotId: string): Promise<number> {
  const { rows } = await pool.query<{ version: number }>(
    `UPDATE teleop.robot_status SET queue_version = queue_version + 1 WHERE robot_id = $1
     RETURNING queue_version::float8 AS version`,
    [robotId],
  );
  const version = rows[0]?.version;
  if (version === undefined) throw new Error(`no robot ${robotId}`);
  return version;
}
