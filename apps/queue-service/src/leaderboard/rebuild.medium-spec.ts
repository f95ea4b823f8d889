import { setupQueue, type QueueSetup } from '../turns/queue-rules.spec-support';
import { BOARDS } from './boards';

describe('rebuilding a board', () => {
  let q: QueueSetup;
  const USERS = 1_000;

  beforeAll(async () => {
    q = await setupQueue();
    await q.data.robot('ranked');
    await q.data.rows(
      `INSERT INTO teleop.users (user_id, total_points) SELECT gen_random_uuid(), n FROM generate_series(1, $1::int) n`,
      [USERS],
    );
    await q.data.rows(`
      INSERT INTO teleop.tele_op_control_history (user_id, robot_id, control_token, issued_at, expires_at, controlled_hours)
      SELECT user_id, 'ranked', user_id::text, now(), now(), 0.05 FROM teleop.users`);
    await q.data.rows(BOARDS.teleOp.rebuild);
  }, 60_000);
  afterAll(() => q.close());

  it('writes the rows of moved ranks alone, no index, when somebody overtakes everybody', async () => {
    await q.data.rows(
      `UPDATE teleop.users SET total_points = 1000000 WHERE user_id = (SELECT user_id FROM teleop.users ORDER BY total_points LIMIT 1)`,
    );
    const client = await q.data.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(BOARDS.teleOp.rebuild);
      const { rows } = await client.query<{ updated: number; heap_only: number }>(`
        SELECT pg_stat_get_xact_tuples_updated(oid)::int AS updated, pg_stat_get_xact_tuples_hot_updated(oid)::int AS heap_only
        FROM pg_class WHERE oid = 'teleop.tele_op_leaderboard'::regclass`);
      await client.query('COMMIT');
      // The one who earned has a new place in the order; the others moved down by one.
      expect(rows).toEqual([{ updated: USERS, heap_only: USERS - 1 }]);
    } finally {
      client.release();
    }
  });

  it('writes nothing when nothing changed', async () => {
    const before = await q.data.rows(
      'SELECT rank, user_id, xmin::text FROM teleop.tele_op_leaderboard ORDER BY rank',
    );
    await q.data.rows(BOARDS.teleOp.rebuild);
    expect(
      await q.data.rows('SELECT rank, user_id, xmin::text FROM teleop.tele_op_leaderboard ORDER BY rank'),
    ).toEqual(before);
  });

  it('shows the board in the order of its ranks', async () => {
    const top = await q.data.rows<{ rank: number }>(BOARDS.teleOp.top);
    expect(top.map(({ rank }) => rank)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });
});
