export interface AutoStopLimits {
  /** Failures in a row. */
  readonly maxFailures: number;
  /** Milliseconds without a success while there are failures. */
  readonly maxFailureMs: number;
}

/** The backend has been away for so long that going on makes no sense. */
export function shouldAutoStop(
  { failures, failingMs }: { readonly failures: number; readonly failingMs: number },
  { maxFailures, maxFailureMs }: AutoStopLimits,
): boolean {
  return failures >= maxFailures || (failures > 0 && failingMs >= maxFailureMs);
}
