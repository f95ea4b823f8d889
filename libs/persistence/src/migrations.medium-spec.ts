import path from 'node:path';
import pg from 'pg';
import { runSource, testDatabase } from '@teleop/testing';
import { MigrationLocked, runMigrations } from './migrations';
import { SlowTable1700000000001, SecondTable1700000000002 } from './migrate-shop.spec-support';

jest.setTimeout(30_000);

const SCRIPT = path.join(__dirname, 'migrate-shop.spec-support.ts');
const migrations = [SlowTable1700000000001];

describe('migrations', () => {
  let server: Awaited<ReturnType<typeof testDatabase>>;
  beforeEach(async () => {
    server = await testDatabase();
  });
  afterEach(() => server.dispose());

  it('run once, in their order, and later ones are added', async () => {
    const run = { databaseUrl: server.url, schema: 'shop' };
    expect(await runMigrations({ ...run, migrations })).toEqual(['SlowTable1700000000001']);
    expect(await runMigrations({ ...run, migrations })).toEqual([]);
    const both = [...migrations, SecondTable1700000000002];
    expect(await runMigrations({ ...run, migrations: both })).toEqual(['SecondTable1700000000002']);
  });

  it('run once when two processes start at the same time', async () => {
    const runs = await Promise.all([runSource(SCRIPT, [server.url]), runSource(SCRIPT, [server.url])]);
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    const ran = runs.map(({ stdout }) => JSON.parse(stdout) as string[]);
    expect(ran.flat().sort()).toEqual(['SecondTable1700000000002', 'SlowTable1700000000001']);
    expect(ran).toContainEqual([]);
  });

  it('leave nothing behind when one fails, and go on from there when it is mended', async () => {
    class Broken1700000000003 {
      readonly name = 'Broken1700000000003';
      async up(runner: { query(sql: string): Promise<unknown> }) {
        await runner.query('CREATE TABLE shop.half (id int)');
        await runner.query('SELECT nonsense');
      }
      async down() {
        await Promise.resolve();
      }
    }
    const run = { databaseUrl: server.url, schema: 'shop' };
    await expect(runMigrations({ ...run, migrations: [...migrations, Broken1700000000003] })).rejects.toThrow(
      'nonsense',
    );
    expect(await runMigrations({ ...run, migrations: [...migrations, SecondTable1700000000002] })).toEqual([
      'SecondTable1700000000002',
    ]);
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = await client.query(`SELECT to_regclass('shop.half') AS half`);
    await client.end();
    expect(rows).toEqual([{ half: null }]);
  });

  it('say who is in the way when another process holds the lock for too long', async () => {
    const client = new pg.Client(server.url);
    await client.connect();
    await client.query(`SELECT pg_advisory_lock(hashtextextended('migrate:shop', 0))`);
    const run = runMigrations({ databaseUrl: server.url, schema: 'shop', migrations, lockTimeoutMs: 100 });
    await expect(run).rejects.toThrow(MigrationLocked);
    await client.end();
  });

  it('refuse a schema name that is not a plain identifier', async () => {
    const run = runMigrations({ databaseUrl: server.url, schema: 'shop; DROP TABLE x', migrations });
    await expect(run).rejects.toThrow('not a plain SQL identifier');
  });
});
