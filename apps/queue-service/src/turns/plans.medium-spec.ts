import { BOARDS } from '../leaderboard/boards';
import { CONTROL_HISTORY, SESSION_ROW } from '../sessions/sessions.sql';
import { setupQueue, type QueueSetup } from './queue-rules.spec-support';
import { QUEUE_FIGURES } from './queue-figures.sql';
import { ACTIVE_TURN, DUE_TURNS, NEXT_DUE, QUEUE_SNAPSHOT } from './turns.sql';

/** Hot statements stay on their indexes when there are many ended rows around the few live ones. */
describe('the plan of', () => {
  let q: QueueSetup;
  const nobody = '00000000-0000-4000-8000-00000000ffff';

  beforeAll(async () => {
    q = await setupQueue();
    await q.data.rows(
      `INSERT INTO teleop.robot_status (robot_id) SELECT 'p' || n FROM generate_series(1, 50) n`,
    );
    await q.data.rows(
      `INSERT INTO teleop.users (user_id) SELECT gen_random_uuid() FROM generate_series(1, 2000)`,
    );
    await q.data.rows(`
      INSERT INTO teleop.robot_queue (robot_id, user_id, status, control_token, activated_at, ended_at, created_at)
      SELECT 'p' || (1 + n % 50), u.user_id, 'completed', 't' || n, now(), now(), now() - n * interval '1 minute'
      FROM generate_series(1, 40000) n
      JOIN (SELECT user_id, row_number() OVER () AS i FROM teleop.users) u ON u.i = 1 + n % 2000`);
    await q.data.rows(`
      INSERT INTO teleop.tele_op_control_history (user_id, robot_id, control_token, issued_at, expires_at, controlled_end_time, controlled_hours)
      SELECT user_id, robot_id, control_token, activated_at, activated_at, ended_at, 0.05 FROM teleop.robot_queue`);
    await q.data.rows(BOARDS.teleOp.rebuild);
    // VACUUM cannot run in a transaction, and the pool's statements do not.
    await q.data.rows('VACUUM ANALYZE teleop.robot_queue');
    await q.data.rows('VACUUM ANALYZE teleop.tele_op_control_history');
    await q.data.rows('VACUUM ANALYZE teleop.tele_op_leaderboard');
  }, 60_000);
  afterAll(() => q.close());

  const BIG = /Seq Scan on (robot_queue|tele_op_control_history|tele_op_leaderboard)/;

  it.each([
    ['the snapshot of a queue', QUEUE_SNAPSHOT, ['p1', 300]],
    ['the active turn', ACTIVE_TURN, ['p1', 300]],
    ['turns that are due', DUE_TURNS, [300]],
    ['the next turn that is due', NEXT_DUE, [300]],
    ['the figures of all queues', QUEUE_FIGURES, [300]],
    ['a user’s history', CONTROL_HISTORY, [nobody]],
    ['one session', SESSION_ROW, [nobody, 't1']],
    [
      'a session by the hash of its token',
      'SELECT id FROM teleop.tele_op_control_history WHERE teleop.token_hash(control_token) = $1',
      ['x'],
    ],
    ['the top of the board', BOARDS.teleOp.top, []],
    ['one’s own rank', BOARDS.teleOp.self, [nobody]],
  ])('%s uses an index', async (_name, sql, params) => {
    const rows = await q.data.rows<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, params);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(BIG);
    expect(plan).toMatch(/Index/);
  });
});
