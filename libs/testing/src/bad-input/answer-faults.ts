import type { BadRequest, Expectation } from './bad-request';
import { fixedBodyFaults, problemFaults, type ProblemRules } from './problem-faults';
import type { WireAnswer } from './send';

/** What is wrong with the answer to a bad request; empty when it is what the document and the specification promise. */
export function answerFaults(bad: BadRequest, answer: WireAnswer, rules: ProblemRules): string[] {
  const { status } = answer;
  const fixed = status < 400 ? undefined : rules.fixedBody?.(bad.operation, status);
  const faults = statusFaults(bad, status, fixed !== undefined);
  if (status < 400) return faults;
  if (fixed !== undefined && (!bad.beforeRouting || answer.body === JSON.stringify(fixed))) {
    return bad.request.method === 'HEAD' ? faults : [...faults, ...fixedBodyFaults(answer, fixed)];
  }
  // The answer to HEAD has no body to look at.
  if (bad.request.method !== 'HEAD') faults.push(...problemFaults(answer, bad.request.target, rules));
  if (faults.length === 0 && bad.expected.kind === 'refused')
    faults.push(...nameFaults(bad.expected, answer));
  return faults;
}

function statusFaults(
  { expected, operation, beforeRouting }: BadRequest,
  status: number,
  isFixed: boolean,
): string[] {
  // A source may have an answer of its own for what is not there at the moment.
  if (status >= 500 && !isFixed) return [`a failure: ${status}`];
  if (expected.kind === 'refused' && !expected.statuses.includes(status))
    return [`${status} where ${expected.statuses.join(' or ')} was due`];
  if (expected.kind === 'answered' && status === 400) return ['400 for what the document accepts'];
  const declared = operation === undefined || beforeRouting || operation.statuses.has(status);
  return declared ? [] : [`${status}, which the document does not declare`];
}

function nameFaults(expected: Extract<Expectation, { kind: 'refused' }>, answer: WireAnswer): string[] {
  const { code, errors = [] } = JSON.parse(answer.body || '{}') as {
    code?: string;
    errors?: { path: string }[];
  };
  const faults: string[] = [];
  if (expected.code !== undefined && code !== expected.code)
    faults.push(`code ${code} where ${expected.code} was due`);
  const { fields } = expected;
  if (fields === undefined || answer.status !== 400) return faults;
  const named = errors.map((error) => error.path);
  const matches = (path: string) => fields.some((field) => path === field || path.startsWith(`${field}.`));
  if (!named.some(matches))
    faults.push(`names ${named.join(', ') || 'nothing'} where ${fields.join(' or ')} is bad`);
  return faults;
}
