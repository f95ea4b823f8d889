/** What can run SQL: a transaction, or the database itself for single statements. Rows come back as pg parses them. */
export interface Tx {
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Exactly one row; throws NoRowError otherwise. */
  one<R extends object>(sql: string, params?: readonly unknown[]): Promise<R>;
  /** At most one row. */
  maybe<R extends object>(sql: string, params?: readonly unknown[]): Promise<R | undefined>;
}

/** A statement that must return one row returned another number of rows. */
export class NoRowError extends Error {
  override readonly name = 'NoRowError';
}

export function exactlyOne<R>(rows: R[], sql: string): R {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) {
    throw new NoRowError(`expected one row, got ${rows.length}: ${sql.slice(0, 80)}`);
  }
  return row;
}
