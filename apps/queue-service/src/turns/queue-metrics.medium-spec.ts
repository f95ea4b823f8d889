import { waitFor } from '@teleop/testing';
import { setupService, type ServiceSetup } from '../service.spec-support';

describe('the metrics of the queues', () => {
  let s: ServiceSetup;
  beforeAll(async () => {
    s = await setupService({ env: { QUEUE_METRICS_MS: '50', TURN_CLOCK_MS: '1000', SWEEP_SECONDS: '3600' } });
  });
  afterAll(() => s.close());

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${s.url}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(name));
    return Number(line?.split(' ').at(-1));
  }

  it('say how many wait, how long, and how long those who drive had waited', async () => {
    await waitFor('figures of nothing', async () => (await metric('queue_waiting_users')) === 0);
    expect(await metric('queue_oldest_wait_seconds')).toBe(0);
    const robots = [await s.data.robot('m1'), await s.data.robot('m2')];
    const users = await s.data.users(5);
    for (const [index, user] of users.entries()) {
      await s.as(user, '/queue/join', { robotId: robots[index < 4 ? 0 : 1] });
    }
    await waitFor('the last to drive', async () => (await metric('queue_active_turns')) === 2);
    expect(await metric('queue_waiting_users')).toBe(3);
    expect(await metric('queue_longest_users')).toBe(3);
    expect(await metric('queue_robots_standing_free')).toBe(0);
    expect(await metric('queue_turn_overdue_seconds')).toBe(0);

    await s.data.rows(
      `UPDATE teleop.robot_queue SET created_at = created_at - interval '100 s' WHERE status = 'waiting'`,
    );
    await s.data.rows(
      `UPDATE teleop.robot_queue SET created_at = activated_at - interval '40 s' WHERE status = 'active'`,
    );
    await waitFor('the long wait', async () => (await metric('queue_oldest_wait_seconds')) > 100);
    expect(await metric('queue_oldest_wait_seconds')).toBeLessThan(130);
    // Measured again after the second change of the two.
    await waitFor(
      'the wait of those who drive',
      async () => (await metric('queue_wait_seconds{quantile="0.5"')) > 1,
    );
    expect(await metric('queue_wait_seconds{quantile="0.5"')).toBeCloseTo(40, 1);
    expect(await metric('queue_wait_seconds{quantile="0.95"')).toBeCloseTo(40, 1);
  });

  it('say when a turn is over its time, and when a robot stands free before people who wait', async () => {
    const robotId = await s.data.robot('m3');
    const [driver, next] = await s.data.users(2);
    await s.as(driver!, '/queue/join', { robotId });
    await s.as(next!, '/queue/join', { robotId });
    // Held as a transaction that hangs would: nobody can end the turn.
    const client = await s.data.pool.connect();
    try {
      await client.query(`UPDATE teleop.robot_queue SET activated_at = activated_at - interval '310 s'
        WHERE robot_id = 'm3' AND status = 'active'`);
      await client.query('BEGIN');
      await client.query(`SELECT 1 FROM teleop.robot_status WHERE robot_id = 'm3' FOR UPDATE`);
      await waitFor('the overdue turn', async () => {
        const overdue = await metric('queue_turn_overdue_seconds');
        return overdue > 10 && overdue < 30;
      });
      await client.query(`UPDATE teleop.robot_queue SET status = 'left', ended_at = now()
        WHERE robot_id = 'm3' AND status = 'active'`);
      await client.query('COMMIT');
      await waitFor('the free robot', async () => (await metric('queue_robots_standing_free')) === 1);
    } finally {
      client.release();
    }
    expect(await metric('queue_turn_overdue_seconds')).toBe(0);
  });
});
