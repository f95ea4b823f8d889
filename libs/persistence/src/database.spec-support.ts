import { testDatabase } from '@teleop/testing';
import { Database, type DatabaseOptions } from './database';
import { outboxInboxDdl } from './outbox-inbox-ddl';

export const SCHEMA = 'shop';

const opened: { close(): Promise<void> }[] = [];

/** A database of its own with the schema `shop`: outbox, inbox and a table of sales. */
export async function setup(options: Partial<DatabaseOptions> = {}) {
  const server = await testDatabase();
  const poolErrors: Error[] = [];
  const open = async (applicationName = 'shop') => {
    const database = new Database({
      databaseUrl: server.url,
      schema: SCHEMA,
      applicationName,
      poolSize: 4,
      onPoolError: (error) => poolErrors.push(error),
      ...options,
    });
    await database.connect();
    opened.push(database);
    return database;
  };
  opened.push({ close: () => server.dispose() });
  const database = await open();
  await database.query(`CREATE SCHEMA ${SCHEMA}`);
  await database.pool.query(outboxInboxDdl(SCHEMA));
  await database.query(
    `CREATE TABLE ${SCHEMA}.sale (item text NOT NULL, CONSTRAINT sale_item_key UNIQUE (item))`,
  );
  return {
    url: server.url,
    database,
    open,
    poolErrors,
    items: async () =>
      (await database.query<{ item: string }>(`SELECT item FROM ${SCHEMA}.sale ORDER BY item`)).map(
        ({ item }) => item,
      ),
    /** Ends the sessions of an application, as a restart of PostgreSQL would. */
    cutOff: (applicationName = 'shop') =>
      database.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()`,
        [applicationName],
      ),
  };
}

export const sell = `INSERT INTO ${SCHEMA}.sale (item) VALUES ($1)`;

/** For afterEach: the latest opened is closed first. */
export async function closeAll(): Promise<void> {
  for (let last = opened.pop(); last !== undefined; last = opened.pop()) await last.close();
}
