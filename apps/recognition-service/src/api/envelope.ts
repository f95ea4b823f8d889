import type { ProblemExtras } from '@teleop/service-kit';

export interface Envelope<T> {
  readonly status: number;
  readonly message: string;
  readonly data: T;
}

/** How this service answers; the attendance backend reads `message` and `data`. */
export function enveloped<T>(message: string, data: T, status = 200): Envelope<T> {
  return { status, message, data };
}

/** Problems have `status` and `code` already: with `message` they are the same envelope without data. */
export const problemExtras: ProblemExtras = (problem) => ({ message: problem.detail });
