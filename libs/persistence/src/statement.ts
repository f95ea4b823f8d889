import { createHash } from 'node:crypto';
import type pg from 'pg';
import { translated } from './errors';

export type Queryable = Pick<pg.ClientBase, 'query'>;

// Statements are few and constant, so each is prepared once per connection under the hash of its text. Text that is put
// together at run time would fill the server's memory with plans: beyond the limit it is planned every time.
const MAX_PREPARED = 1_000;
const names = new Map<string, string>();

function nameOf(sql: string): string | undefined {
  let name = names.get(sql);
  if (name === undefined && names.size < MAX_PREPARED) {
    name = createHash('sha1').update(sql).digest('base64url');
    names.set(sql, name);
  }
  return name;
}

/** Runs one prepared statement; throws DatabaseUnavailable when the database is away or busy. */
export async function execute<R extends object>(
  on: Queryable,
  sql: string,
  params: readonly unknown[] = [],
): Promise<pg.QueryResult<R>> {
  try {
    return await on.query<R>({ name: nameOf(sql), text: sql, values: params as unknown[] });
  } catch (error) {
    throw translated(error);
  }
}
