import { Database } from '@teleop/persistence';
import { TeleopData, testDatabase, type TestUser, type UserOptions } from '@teleop/testing';
import { migrateTeleop, SCHEMA } from '../database/migrate-teleop';
import { hashCodeCredential } from '../users/credential';
import { TurnsRepository } from './turns.repository';

/** The queue's rules on a database of their own, without the service around them. */
export async function setupQueue(
  options: { sessionSeconds?: number; fastTrackDaily?: number; poolSize?: number } = {},
) {
  const { sessionSeconds = 300, fastTrackDaily = 6, poolSize = 16 } = options;
  const { url, dispose } = await testDatabase();
  await migrateTeleop(url);
  const database = new Database({
    databaseUrl: url,
    schema: SCHEMA,
    applicationName: 'queue-rules-spec',
    poolSize,
  });
  await database.connect();
  const data = TeleopData.connect(url);
  const turns = new TurnsRepository(sessionSeconds);
  let testMode = false;

  return {
    url,
    database,
    data,
    turns,
    setTestMode: (on: boolean) => (testMode = on),
    join: (user: TestUser, robotId: string, token = user.hashCode) =>
      turns.join(
        database,
        { userId: user.userId, robotId },
        hashCodeCredential(token),
        testMode,
        fastTrackDaily,
      ),
    leave: (user: TestUser, robotId: string, inactive = false) =>
      turns.leave(database, { userId: user.userId, robotId }, hashCodeCredential(user.hashCode), inactive),
    open: (user: TestUser, robotId: string) =>
      turns.open(database, { userId: user.userId, robotId }, hashCodeCredential(user.hashCode)),
    /** user ids in line, front first. */
    line: async (robotId: string) => {
      const snapshot = await turns.snapshot(database, robotId);
      return (snapshot?.entries ?? []).map((entry) => entry.user_id);
    },
    /** Sets the clock of a user's open session back. */
    age: async (user: TestUser, seconds: number) => {
      await data.rows(
        `UPDATE teleop.tele_op_control_history SET issued_at = issued_at - make_interval(secs => $2)
         WHERE user_id = $1 AND controlled_end_time IS NULL RETURNING id`,
        [user.userId, seconds],
      );
    },
    person: (options: UserOptions = {}) => data.user(options),
    close: async () => {
      await data.close();
      await database.close();
      await dispose();
    },
  };
}

export type QueueSetup = Awaited<ReturnType<typeof setupQueue>>;
