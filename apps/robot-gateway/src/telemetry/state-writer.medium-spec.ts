import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { sleep } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { tableOf, type Table } from '../testing/table.spec-support';

const STATE_WRITE_MS = 50;

describe('telemetry in the database', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 2, env: { STATE_WRITE_MS: String(STATE_WRITE_MS) } });
  });
  afterAll(() => gateway.close());

  async function newTable(robotId: string): Promise<Table> {
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', apiUser('Admin'), { robotId });
    const table = tableOf(gateway, { robotId, key: body.apiKey });
    await waitFor('the robot to be known', async () => (await table.status(1))?.robotConnected === false);
    return table;
  }
  async function roundOf(robotId: string): Promise<number | undefined> {
    const sql = `SELECT last_state->'round' AS round FROM robots.robot WHERE robot_id = $1`;
    return (await gateway.pool.query<{ round?: number }>(sql, [robotId])).rows[0]?.round;
  }

  it('is what a robot said last, also when it said so while a write was held up', async () => {
    const table = await newTable('held-up');
    await table.report({ round: 1 });
    await waitFor('the first', async () => (await roundOf('held-up')) === 1);
    const holding = await gateway.pool.connect();
    await holding.query('BEGIN');
    await holding.query(`SELECT 1 FROM robots.robot WHERE robot_id = 'held-up' FOR UPDATE`);
    await table.report({ round: 2 });
    const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'SET last_state'`;
    await waitFor('its write to wait', async () => (await gateway.pool.query(waits)).rowCount === 1);
    await table.report({ round: 3 });
    // For longer than what came last lies behind what waits.
    await sleep(300);
    await holding.query('COMMIT');
    holding.release();
    await waitFor('the last', async () => (await roundOf('held-up')) === 3);
  });

  it('is what came last of what it said to two replicas', async () => {
    const table = await newTable('moving');
    for (let round = 1; round <= 6; round += 1) {
      await table.report({ round }, round % 2);
      await waitFor('it', async () => (await roundOf('moving')) === round);
    }
  });
});
