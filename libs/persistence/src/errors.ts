import type { OperationalError } from '@teleop/contracts';

interface PgError {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
}

const UNIQUE_VIOLATION = '23505';

/** SQLSTATEs that come with the end of the connection: lost, refused, shut down, idle for too long. */
const CONNECTION_SQLSTATE = /^(08|53300|57P0|25P03|25P04)/;
/** SQLSTATEs of a server that is there but cannot now: resources, read-only standby, conflict, lock or statement time-out. */
const BUSY_SQLSTATE = /^(53|25006|40001|40P01|40003|55P03|57014)/;
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** pg gives its own errors no code. */
const CONNECTION_MESSAGES = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
  'timeout expired',
  'timeout exceeded when trying to connect',
  'Cannot use a pool after calling end',
];
/** A plan prepared before a migration changed its tables: another connection prepares it anew. */
const STALE_PLAN = /cached plan must not change result type|prepared statement .* does not exist/;

function partsOf(error: unknown): { code: string; message: string; constraint: unknown } {
  const { code, message, constraint } = (typeof error === 'object' && error !== null ? error : {}) as PgError;
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
    constraint,
  };
}

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const pg = partsOf(error);
  return pg.code === UNIQUE_VIOLATION && (constraint === undefined || pg.constraint === constraint);
}

/** True when the connection that the error came over is of no more use. */
export function spoilsConnection(error: unknown): boolean {
  const { code, message } = partsOf(error instanceof DatabaseUnavailable ? error.cause : error);
  return (
    CONNECTION_SQLSTATE.test(code) ||
    SOCKET_CODES.has(code) ||
    STALE_PLAN.test(message) ||
    CONNECTION_MESSAGES.some((start) => message.startsWith(start))
  );
}

/** True when the database was away or busy: the caller may try again, the work was not refused. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof DatabaseUnavailable || spoilsConnection(error) || BUSY_SQLSTATE.test(partsOf(error).code)
  );
}

/**
 * The database could not be reached, or did not answer in time. Whether a commit under way took effect is unknown, so
 * only work that is safe to do twice may simply be tried again.
 */
export class DatabaseUnavailable extends Error implements OperationalError {
  override readonly name = 'DatabaseUnavailable';
  readonly operational = true;
}

/** A statement failed inside a transaction, the work went on as if it had not, and PostgreSQL rolled everything back. */
export class TransactionAborted extends Error {
  override readonly name = 'TransactionAborted';
}

/** What callers see of an error of pg's. */
export function translated(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || !isTransient(error)) return error;
  return new DatabaseUnavailable(partsOf(error).message, { cause: error });
}
