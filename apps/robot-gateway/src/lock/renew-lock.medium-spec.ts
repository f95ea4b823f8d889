import { randomUUID } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { apiUser, type ApiUser } from '../testing/api.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { tableOf, type Table } from '../testing/table.spec-support';

const admin = apiUser('Admin', 'Ada');
const olga = apiUser('Operator', 'Olga');

interface Held {
  readonly epoch: string;
  readonly holder_kind: string;
  readonly lease_user: string | null;
  readonly lock_user: string | null;
  readonly holder_name: string | null;
  readonly lock_ms: number | null;
  /** Lock and lease end in the same moment. */
  readonly together: boolean | null;
}

const HELD = `
  SELECT epoch, holder_kind, lease.user_id AS lease_user, held.user_id AS lock_user, held.holder_name,
    extract(epoch FROM held.expires_at - clock_timestamp())::float8 * 1000 AS lock_ms,
    lease.expires_at = held.expires_at AS together
  FROM robots.lease LEFT JOIN robots.drive_lock AS held USING (robot_id) WHERE robot_id = $1`;

let robots = 0;

describe('a manual-drive lock that is renewed', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 2 });
  });
  afterAll(() => gateway.close());

  async function newTable(): Promise<Table> {
    const robotId = `renew-${(robots += 1)}`;
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
    for (const replica of [0, 1]) {
      const table = tableOf(gateway, { robotId, key: body.apiKey, replica });
      await waitFor('the robot to be known', async () => (await table.status())?.robotConnected === false);
    }
    return tableOf(gateway, { robotId, key: body.apiKey });
  }
  const lock = async (table: Table, user: ApiUser, replica = 0) => (await table.lock(user, replica)).body;
  const held = async ({ robotId }: Table) => (await gateway.pool.query<Held>(HELD, [robotId])).rows[0]!;
  const GRANTED = { status: 'success', message: 'Lock acquired' };

  it('keeps its epoch, and ends together with its lease', async () => {
    const table = await newTable();
    await lock(table, olga);
    await gateway.pool.query(
      `WITH lock AS (UPDATE robots.drive_lock SET expires_at = clock_timestamp() + interval '9 s' WHERE robot_id = $1)
       UPDATE robots.lease SET expires_at = clock_timestamp() + interval '9 s' WHERE robot_id = $1`,
      [table.robotId],
    );
    const before = await held(table);
    expect(await lock(table, olga)).toEqual(GRANTED);
    const after = await held(table);
    expect(after.epoch).toBe(before.epoch);
    expect(after.lock_ms).toBeGreaterThan(20_000);
    expect(after.together).toBe(true);
  });

  it('is known to the other replica for as long as it is', async () => {
    const table = await newTable();
    await lock(table, olga);
    await lock(table, olga);
    await waitFor('the lock at the other replica', async () => {
      const { manualLockHolderName } = await table.status(1);
      return manualLockHolderName === 'Olga';
    });
  });

  it('tells the name he has now', async () => {
    const table = await newTable();
    await lock(table, olga);
    const renamed = apiUser('Operator', 'Olga Müller', undefined, olga.userId);
    expect(await lock(table, renamed)).toEqual(GRANTED);
    expect(await held(table)).toMatchObject({ epoch: '1', holder_name: 'Olga Müller' });
    expect(await lock(table, apiUser('Operator', 'Otto'))).toEqual({
      status: 'error',
      message: 'Lock held by Olga Müller',
    });
  });

  it('is not when a route is driven by then, unless by an Admin', async () => {
    for (const [user, answer] of [
      [olga, { status: 'error', message: 'Cannot acquire lock while automated route is active' }],
      [admin, GRANTED],
    ] as const) {
      const table = await newTable();
      await lock(table, user);
      await gateway.pool.query(
        `INSERT INTO robots.route (route_id, robot_id, start_node, destination, added_by_id, added_by, order_key, status,
           dispatch_id, attempts, dispatched_at)
         VALUES ($1, $2, 'A', 'B', $3, 'Olga', 1, 'active', $4, 1, clock_timestamp())`,
        [randomUUID(), table.robotId, user.userId, randomUUID()],
      );
      expect(await lock(table, user)).toEqual(answer);
    }
  });

  it.each(['given back', 'taken by an Admin'] as const)(
    'is not when it is %s in the moment in which it waits for its row',
    async (how) => {
      const table = await newTable();
      await lock(table, olga);
      const other = await gateway.pool.connect();
      try {
        await other.query('BEGIN');
        await other.query('SELECT FROM robots.lease WHERE robot_id = $1 FOR UPDATE', [table.robotId]);
        const renewal = lock(table, olga);
        await waitFor('the renewal to wait', async () => {
          const { rowCount } = await gateway.pool.query(
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
          );
          return rowCount! > 0;
        });
        const [user, kind] = how === 'given back' ? [null, 'none'] : [admin.userId, 'drive_lock'];
        await other.query(
          `UPDATE robots.lease SET epoch = epoch + 1, holder_kind = $2, user_id = $3::uuid, holder = $3::text WHERE robot_id = $1`,
          [table.robotId, kind, user],
        );
        await (user === null
          ? other.query('DELETE FROM robots.drive_lock WHERE robot_id = $1', [table.robotId])
          : other.query(
              `UPDATE robots.drive_lock SET user_id = $2, role = 'Admin', holder_name = 'Ada' WHERE robot_id = $1`,
              [table.robotId, user],
            ));
        await other.query('COMMIT');
        expect(await renewal).toEqual(
          user === null ? GRANTED : { status: 'error', message: 'Lock held by Ada' },
        );
      } finally {
        await other.query('ROLLBACK');
        other.release();
      }
      // Given back, then asked for anew: his again, under an epoch of its own.
      expect(await held(table)).toMatchObject(
        how === 'given back'
          ? { epoch: '3', lease_user: olga.userId, lock_user: olga.userId }
          : { epoch: '2', lease_user: admin.userId, lock_user: admin.userId },
      );
    },
  );

  it('never parts from its lease while it is renewed, given back and taken from two sides', async () => {
    const table = await newTable();
    const ask = (user: ApiUser, replica: number) => async () => {
      for (let turn = 0; turn < 15; turn += 1) {
        await table.lock(user, replica);
        if (turn % 5 === 4) await table.unlock(user, replica);
      }
    };
    await lock(table, olga);
    const looks: Held[] = [];
    let over = false;
    const look = async () => {
      while (!over) looks.push(await held(table));
    };
    const looking = look();
    await Promise.all([olga, apiUser('Operator', 'Otto'), admin].map((user, at) => ask(user, at % 2)()));
    over = true;
    await looking;
    expect(looks.length).toBeGreaterThan(10);
    for (const { holder_kind: kind, lease_user: lease, lock_user: user } of looks) {
      expect(lease).toBe(user);
      expect(kind).toBe(user === null ? 'none' : 'drive_lock');
    }
  });
});
