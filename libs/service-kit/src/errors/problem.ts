import { STATUS_CODES } from 'node:http';
import type { ProblemError } from './problem-error';

/** RFC 9457, with our members; the shape that contracts documents as `Problem`. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  traceId: string;
  errors?: readonly { path: string; message: string }[];
}

/** Members that a family of services adds to every problem, e.g. `success: false` and `error` of the queue family. */
export type ProblemExtras = (problem: ProblemBody) => object;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The path of the request without its query, which may hold a token. */
function instanceOf(url: string | undefined): string {
  const path = (url ?? '/').split(/[?#]/, 1)[0] || '/';
  return path.slice(0, 2_048);
}

export function problemBody(error: ProblemError, url: string | undefined, traceId: string): ProblemBody {
  return {
    type: `urn:teleop:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.detail,
    instance: instanceOf(url),
    code: error.code,
    traceId,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
}

/** What is sent for a problem: its own body to the letter, else problem+json with the family's members. */
export function renderProblem(
  error: ProblemError,
  url: string | undefined,
  traceId: string,
  extras?: ProblemExtras,
): { body: string; headers: Record<string, string> } {
  if (error.bodiless) return { body: '', headers: { ...error.headers } };
  if (error.body !== undefined) {
    return {
      body: JSON.stringify(error.body),
      headers: { 'content-type': 'application/json; charset=utf-8', ...error.headers },
    };
  }
  const problem = problemBody(error, url, traceId);
  const body = JSON.stringify(extras === undefined ? problem : { ...problem, ...extras(problem) });
  return { body, headers: { 'content-type': PROBLEM_TYPE, ...error.headers } };
}
