/**
 * Something the person at the keyboard can put right. The message is shown as it stands, without a stack trace, so it has to
 * say what is wrong and what to do.
 */
export class InfraError extends Error {
  override readonly name = 'InfraError';
}

/**
 * By shape rather than by `instanceof`: under jest, errors of Node itself come from another realm and are no instances of the
 * `Error` we see.
 */
export function messageOf(error: unknown): string {
  return propertyOf(error, 'message') ?? String(error);
}

/** The `code` of a Node system error (`ENOENT`), or undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return propertyOf(error, 'code');
}

function propertyOf(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value = (error as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
