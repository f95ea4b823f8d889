import { Client, DatabaseError } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

const SOURCE_IN_USE = '55006';
const ATTEMPTS = 40;

/** Creates a database beside the one of the URL and returns its URL. With `template`, as a copy of that database. */
export async function createDatabase(
  databaseUrl: string,
  name: string,
  options: { template?: string } = {},
): Promise<string> {
  const template = options.template ?? 'template0';
  const statement = `CREATE DATABASE ${quote(name)} TEMPLATE ${quote(template)}`;
  for (let attempt = 1; ; attempt++) {
    try {
      await execute(databaseUrl, statement);
      return urlOf(databaseUrl, name);
    } catch (error) {
      // A template is copied only while nobody is connected to it; whoever made it may just be leaving.
      if (!(error instanceof DatabaseError) || error.code !== SOURCE_IN_USE || attempt === ATTEMPTS)
        throw error;
      await sleep(50);
    }
  }
}

/** Drops a database beside the one of the URL, cutting off whoever is connected to it. Returns the URL it had. */
export async function dropDatabase(databaseUrl: string, name: string): Promise<string> {
  await execute(databaseUrl, `DROP DATABASE IF EXISTS ${quote(name)} WITH (FORCE)`);
  return urlOf(databaseUrl, name);
}

function urlOf(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.toString();
}

export async function ensureDatabase(databaseUrl: string, name: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${quote(name)} TEMPLATE template0`);
  });
}

export async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  // A connection cut while idle (our own DROP ... FORCE) emits an error; the query that meets it rejects anyway.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function execute(databaseUrl: string, statement: string): Promise<void> {
  await withClient(databaseUrl, (client) => client.query(statement));
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
