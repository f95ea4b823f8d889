/** The transaction a consumer's effect runs in. The same shape as persistence's, which this library does not know. */
export interface Tx {
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  one<R extends object>(sql: string, params?: readonly unknown[]): Promise<R>;
  maybe<R extends object>(sql: string, params?: readonly unknown[]): Promise<R | undefined>;
}
