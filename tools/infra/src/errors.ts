/**
 * Something the person at the keyboard can put right. The message is shown as it stands, without a stack trace, so it has to
 * say what is wrong and what to do.
 */
export class InfraError extends Error {
  override readonly name = 'InfraError';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`), or undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
