interface PgError {
  code?: string;
  constraint?: string;
}

const UNIQUE_VIOLATION = '23505';

/** SQLSTATEs and socket errors after which the same work may succeed later: connection loss, shutdown, deadlock, lock or statement time-out. */
const TRANSIENT_SQLSTATE = /^(08|53|57P0[1-5]|40001|40P01|55P03|57014)/;
const TRANSIENT_SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
const TRANSIENT_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i;

function asPgError(error: unknown): PgError {
  return typeof error === 'object' && error !== null ? error : {};
}

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const pg = asPgError(error);
  return pg.code === UNIQUE_VIOLATION && (constraint === undefined || pg.constraint === constraint);
}

/** True when the database was away or busy: the caller may try again, the work was not refused. */
export function isTransient(error: unknown): boolean {
  const { code } = asPgError(error);
  if (typeof code === 'string' && (TRANSIENT_SQLSTATE.test(code) || TRANSIENT_SOCKET.has(code))) return true;
  return error instanceof Error && TRANSIENT_MESSAGE.test(error.message);
}

/** The database could not be reached, or did not answer in time. Whether a commit under way took effect is unknown. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}
