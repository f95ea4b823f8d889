import { setTimeout as sleep } from 'node:timers/promises';
import { testPostgres, waitFor } from '@teleop/testing';
import { Database } from './database';
import { closeAll, sell, setup } from './database.spec-support';
import { DatabaseUnavailable, isUniqueViolation, TransactionAborted } from './errors';
import { NoRowError, type Tx } from './tx';

afterEach(closeAll);

describe('a transaction', () => {
  it('is committed when its work resolves, and gives its result', async () => {
    const { database, items } = await setup();
    const result = await database.transaction(async (tx) => {
      await tx.query(sell, ['apple']);
      return 'sold';
    });
    expect(result).toBe('sold');
    expect(await items()).toEqual(['apple']);
  });

  it('is rolled back when its work throws, and throws the same', async () => {
    const { database, items } = await setup();
    const refusal = new Error('not for sale');
    const work = database.transaction(async (tx) => {
      await tx.query(sell, ['apple']);
      throw refusal;
    });
    await expect(work).rejects.toBe(refusal);
    expect(await items()).toEqual([]);
    expect(database.pool.idleCount).toBe(database.pool.totalCount);
  });

  it('never passes for committed when a statement failed in it and the error was swallowed', async () => {
    const { database, items } = await setup();
    await database.query(sell, ['apple']);
    const work = database.transaction(async (tx) => {
      await tx.query(sell, ['pear']);
      await tx.query(sell, ['apple']).catch(() => undefined);
    });
    await expect(work).rejects.toThrow(TransactionAborted);
    expect(await items()).toEqual(['apple']);
  });

  it('refuses statements after its end, when the connection is somebody else’s', async () => {
    const { database, items } = await setup();
    let kept: Tx | undefined;
    await database.transaction(async (tx) => {
      kept = tx;
    });
    await expect(kept?.query(sell, ['late'])).rejects.toThrow('the transaction is over');
    expect(await items()).toEqual([]);
  });

  it('whose connection is killed throws DatabaseUnavailable, and the process and the pool live on', async () => {
    const { database, items, cutOff } = await setup();
    const work = database.transaction(async (tx) => {
      await tx.query(sell, ['apple']);
      await cutOff();
      await tx.query(sell, ['pear']);
    });
    await expect(work).rejects.toThrow(DatabaseUnavailable);
    expect(await items()).toEqual([]);
    await database.transaction((tx) => tx.query(sell, ['plum']));
    expect(await items()).toEqual(['plum']);
  });

  it('whose connection is killed while it does something else throws at the commit', async () => {
    const { database, items, cutOff } = await setup();
    const work = database.transaction(async (tx) => {
      await tx.query(sell, ['apple']);
      await cutOff();
      await sleep(20);
    });
    await expect(work).rejects.toThrow(DatabaseUnavailable);
    expect(await items()).toEqual([]);
  });

  it('that sits idle for too long loses its locks, and says so', async () => {
    const { database, items } = await setup({ idleInTransactionTimeoutMs: 100 });
    const work = database.transaction(async (tx) => {
      await tx.query(sell, ['apple']);
      await sleep(300);
    });
    await expect(work).rejects.toThrow(DatabaseUnavailable);
    expect(await items()).toEqual([]);
  });

  it('of two that deadlock, one gets DatabaseUnavailable and its connection stays good', async () => {
    const { database } = await setup();
    await database.query(sell, ['a']);
    await database.query(sell, ['b']);
    const touch = (tx: Tx, item: string) =>
      tx.query('UPDATE shop.sale SET item = item WHERE item = $1', [item]);
    const cross = (one: string, two: string) =>
      database.transaction(async (tx) => {
        await touch(tx, one);
        await sleep(100);
        await touch(tx, two);
      });
    const ends = await Promise.allSettled([cross('a', 'b'), cross('b', 'a')]);
    const failed = ends.filter((end) => end.status === 'rejected');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toBeInstanceOf(DatabaseUnavailable);
    expect(database.pool.idleCount).toBe(database.pool.totalCount);
  });
});

describe('single statements', () => {
  it('are prepared once per connection under one name', async () => {
    const { database } = await setup({ poolSize: 1 });
    for (const item of ['a', 'b', 'c']) await database.query(sell, [item]);
    const prepared = await database.query<{ name: string }>(
      'SELECT name FROM pg_prepared_statements WHERE statement = $1',
      [sell],
    );
    expect(prepared).toEqual([{ name: expect.stringMatching(/^[\w-]{27}$/) }]);
  });

  it('keep their connection after a refused row', async () => {
    const { database } = await setup({ poolSize: 1 });
    const backend = async () => (await database.one<{ pid: number }>('SELECT pg_backend_pid() AS pid')).pid;
    await database.query(sell, ['apple']);
    const before = await backend();
    const refused: unknown = await database.query(sell, ['apple']).catch((error: unknown) => error);
    expect(isUniqueViolation(refused, 'sale_item_key')).toBe(true);
    expect(refused).not.toBeInstanceOf(DatabaseUnavailable);
    expect(await backend()).toBe(before);
  });

  it('work again, at the next attempt, after a migration changed what their prepared plan returns', async () => {
    const { database } = await setup({ poolSize: 1 });
    const read = () => database.query('SELECT * FROM shop.sale');
    await read();
    await database.pool.query('ALTER TABLE shop.sale ADD COLUMN price int');
    await expect(read()).rejects.toThrow(DatabaseUnavailable);
    expect(await read()).toEqual([]);
  });

  it('give exactly one row, or at most one, or throw', async () => {
    const { database } = await setup();
    expect(await database.one('SELECT 1 AS x')).toEqual({ x: 1 });
    expect(await database.maybe('SELECT 1 AS x WHERE false')).toBeUndefined();
    await expect(database.one('SELECT 1 AS x WHERE false')).rejects.toThrow(NoRowError);
    await expect(database.one('SELECT generate_series(1, 2) AS x')).rejects.toThrow(
      'expected one row, got 2',
    );
  });

  it('that take too long are cancelled and throw DatabaseUnavailable', async () => {
    const { database } = await setup({ statementTimeoutMs: 100 });
    await expect(database.query('SELECT pg_sleep(5)')).rejects.toThrow(DatabaseUnavailable);
  });

  it('throw DatabaseUnavailable when no connection comes free in time', async () => {
    const { database } = await setup({ poolSize: 1, connectTimeoutMs: 100 });
    const held = await database.checkout();
    await expect(database.query('SELECT 1 AS x')).rejects.toThrow(DatabaseUnavailable);
    held.release();
    expect(await database.one('SELECT 1 AS x')).toEqual({ x: 1 });
  });
});

describe('the pool', () => {
  it('recovers by itself after all its sessions were ended, and reports each', async () => {
    const { open, cutOff, poolErrors } = await setup();
    const victim = await open('victim');
    await Promise.all([1, 2, 3].map(() => victim.query('SELECT pg_sleep(0.05)')));
    const idle = victim.pool.totalCount;
    expect(idle).toBeGreaterThan(1);
    await cutOff('victim');
    await waitFor('the pool to hear of it', () => poolErrors.length === idle);
    await Promise.all([1, 2, 3].map(() => victim.ping()));
  });

  it('lives on when a session ends at the very moment at which the pool hands it out', async () => {
    const { database } = await setup();
    database.pool.once('acquire', (client) =>
      client.once('removeListener', () => client.emit('error', new Error('terminating connection'))),
    );
    expect(await database.one('SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('says at once, and in PostgreSQL’s words, when the password or the database is wrong', async () => {
    const { url } = await setup();
    const wrong = new URL(url);
    wrong.pathname = '/no_such_database';
    const options = { databaseUrl: wrong.toString(), schema: 'shop', applicationName: 'shop' };
    const failure: unknown = await new Database(options).connect().catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(DatabaseUnavailable);
    expect((failure as Error).message).toContain('no_such_database');
  });

  it('is DatabaseUnavailable while nobody listens, and before it is connected', async () => {
    const options = { databaseUrl: 'postgres://u:secret@127.0.0.1:1/d', schema: 's', applicationName: 's' };
    const database = new Database(options);
    await expect(database.query('SELECT 1')).rejects.toThrow('not connected yet');
    const failure: unknown = await database.connect().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect((failure as Error).message).not.toContain('secret');
  });

  it('tells by how much the database’s clock is ahead', async () => {
    const { database } = await setup();
    expect(Math.abs(await database.clockSkewMs())).toBeLessThan(1_000);
    const real = Date.now;
    Date.now = () => real() - 60_000;
    try {
      expect(Math.abs((await database.clockSkewMs()) - 60_000)).toBeLessThan(1_000);
    } finally {
      Date.now = real;
    }
  });
});

describe('kill -9 of PostgreSQL', () => {
  // A server from nothing takes some seconds.
  jest.setTimeout(60_000);

  it('in the middle of commits is DatabaseUnavailable; no work is done twice and nothing acknowledged is lost', async () => {
    const server = await testPostgres();
    const database = new Database({
      databaseUrl: server.url,
      schema: 's',
      applicationName: 's',
      poolSize: 8,
    });
    try {
      await database.connect();
      // No key: a second attempt would show as a second row.
      await database.query('CREATE TABLE done (worker int, step int)');
      const acknowledged: string[] = [];
      const failures: unknown[] = [];
      const attempts = new Map<string, number>();
      const worker = async (id: number) => {
        for (let step = 1; failures.length === 0 || step === 1; step += 1) {
          const key = `${id}/${step}`;
          try {
            await database.transaction(async (tx) => {
              attempts.set(key, (attempts.get(key) ?? 0) + 1);
              await tx.query('INSERT INTO done VALUES ($1, $2)', [id, step]);
            });
            acknowledged.push(key);
          } catch (error) {
            failures.push(error);
          }
        }
      };
      const workers = Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(worker));
      await waitFor('work under way', () => acknowledged.length > 40);
      server.kill9();
      await workers;
      expect(failures.filter((error) => !(error instanceof DatabaseUnavailable))).toEqual([]);
      expect([...attempts.values()].filter((count) => count > 1)).toEqual([]);
      await expect(database.ping()).rejects.toThrow(DatabaseUnavailable);
      await server.restart();
      await waitFor('the database', () => database.ping().then(() => true));
      const rows = await database.query<{ key: string; times: string }>(
        `SELECT worker || '/' || step AS key, count(*) AS times FROM done GROUP BY 1`,
      );
      expect(rows.filter(({ times }) => times !== '1')).toEqual([]);
      const stored = new Set(rows.map(({ key }) => key));
      expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);
    } finally {
      await database.close();
      await server.dispose();
    }
  });
});
