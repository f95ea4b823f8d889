/**
 * An error that is nobody's fault and may be gone at the next attempt: something we depend on is away or busy. Errors
 * say so themselves, so that a library can tell them from bugs without knowing the library that threw them.
 */
export interface OperationalError extends Error {
  readonly operational: true;
}

const MAX_CAUSES = 8;

/** True when the error, or what caused it, is operational. */
export function isOperational(error: unknown): boolean {
  let at = error;
  for (let depth = 0; depth < MAX_CAUSES && typeof at === 'object' && at !== null; depth += 1) {
    const { operational, cause } = at as Partial<OperationalError>;
    if (operational === true) return true;
    at = cause;
  }
  return false;
}
