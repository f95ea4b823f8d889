import { ProblemError, type ProblemExtras } from '@teleop/service-kit';
import type { UpstreamName } from '../routing/route-table';

/** Nothing listens there, or no way leads there: the request was not taken by anybody. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);

export const RETRY_AFTER = { 'retry-after': '1' } as const;

/** The service that did not answer is a member of its own, so that a script need not read the text. */
export function problemExtras(service: UpstreamName): ProblemExtras {
  // The queue family's front end reads `success` and `error`, whoever answers in its place.
  if (service === 'queue-service') return (problem) => ({ service, success: false, error: problem.detail });
  return () => ({ service });
}

export function notConfigured(service: UpstreamName): ProblemError {
  return new ProblemError(503, 'SERVICE_UNAVAILABLE', `${service} is not available here`, {
    headers: RETRY_AFTER,
  });
}

export function timedOut(service: UpstreamName, ms: number): ProblemError {
  return new ProblemError(504, 'GATEWAY_TIMEOUT', `${service} did not answer within ${ms} ms`);
}

/** Refused or unreachable: 503, nothing happened. Broken off: 502, whether it acted is unknown. */
export function failed(service: UpstreamName, cause: Error): ProblemError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== undefined && UNREACHABLE.has(code)) {
    return new ProblemError(503, 'SERVICE_UNAVAILABLE', `${service} is not reachable`, {
      headers: RETRY_AFTER,
      cause,
    });
  }
  return new ProblemError(502, 'BAD_GATEWAY', `${service} broke off without an answer`, { cause });
}

/** The caller's fault: its body stopped coming. */
export function bodyStalled(ms: number): ProblemError {
  return new ProblemError(408, 'REQUEST_TIMEOUT', `No more of the body came for ${ms} ms`);
}

export function tooLarge(limit: number): ProblemError {
  return new ProblemError(413, 'PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes`);
}
