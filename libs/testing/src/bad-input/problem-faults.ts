import type { Operation } from './operations';
import type { WireAnswer } from './send';

interface Problem {
  readonly [member: string]: unknown;
  readonly errors?: unknown;
}

/** What an answer must never tell: stack traces, files, statements, the names of what lies behind. */
const LEAKS: readonly RegExp[] = [
  /\bat \S+ \(|\bat (async )?\S+:\d+:\d+/,
  /node_modules|\.(ts|js|cjs|mjs):\d+/,
  /\b(SELECT|INSERT|UPDATE|DELETE)\b[^]*\b(FROM|INTO|SET|WHERE)\b/i,
  /syntax error at|violates|SQLSTATE|plpgsql|relation "|PostgreSQL|invalid input syntax|byte sequence/i,
  /\bE(CONN|PIPE|ACCES|NOENT)[A-Z]*\b/,
  /polluted/,
];

const MEMBERS = ['type', 'title', 'detail', 'instance', 'code', 'traceId'] as const;
const MAX_BYTES = 16_384;

export interface ProblemRules {
  /** Texts that must not be in any answer. */
  readonly secrets?: readonly string[];
  /** Codes that a specification writes in another way than SCREAMING_SNAKE. */
  readonly ownCodes?: ReadonlySet<string>;
  /** Members that a family adds to every problem: what is wrong with them. */
  readonly family?: (problem: Readonly<Record<string, unknown>>) => string[];
  /** The body that a source fixes for this answer of an operation, to the letter; undefined where it must be a problem. */
  readonly fixedBody?: (operation: Operation | undefined, status: number) => object | undefined;
}

/** What keeps an answer from being the one that a source fixes. */
export function fixedBodyFaults(answer: WireAnswer, fixed: object): string[] {
  const faults: string[] = [];
  const type = answer.headers.get('content-type');
  if (!type?.startsWith('application/json')) faults.push(`content type ${type ?? 'missing'}`);
  if (answer.body !== JSON.stringify(fixed)) faults.push(`not ${JSON.stringify(fixed)} to the letter`);
  return faults;
}

/** All that keeps an answer of 400 and more from being a problem by the specification; empty: nothing does. */
export function problemFaults(answer: WireAnswer, target: string, rules: ProblemRules = {}): string[] {
  const faults: string[] = [];
  const type = answer.headers.get('content-type');
  if (!type?.startsWith('application/problem+json')) faults.push(`content type ${type ?? 'missing'}`);
  if (Buffer.byteLength(answer.body) > MAX_BYTES) faults.push(`${answer.body.length} bytes for a refusal`);
  if (answer.status === 401 && !answer.headers.has('www-authenticate'))
    faults.push('401 without WWW-Authenticate');
  let problem: Problem;
  try {
    problem = JSON.parse(answer.body) as Problem;
  } catch {
    return [...faults, `not JSON: ${answer.body.slice(0, 200)}`];
  }
  for (const member of MEMBERS) {
    if (typeof problem[member] !== 'string' || problem[member] === '') faults.push(`no ${member}`);
  }
  if (problem['status'] !== answer.status) faults.push(`status ${String(problem['status'])} in the body`);
  const code = String(problem['code']);
  if (!/^[A-Z][A-Z0-9_]*$/.test(code) && rules.ownCodes?.has(code) !== true) faults.push(`code ${code}`);
  if (!/^[0-9a-f]{32}$/.test(String(problem['traceId'])))
    faults.push(`traceId ${String(problem['traceId'])}`);
  if (problem['code'] === 'VALIDATION_FAILED' && !isErrorList(problem.errors))
    faults.push('no list of errors');
  faults.push(
    ...(rules.family?.(problem) ?? []),
    ...leaksIn(answer.body, problem, target, rules.secrets ?? []),
  );
  return faults;
}

function isErrorList(errors: unknown): boolean {
  return (
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((error: unknown) => {
      const { path, message } = (error ?? {}) as { path?: unknown; message?: unknown };
      return typeof path === 'string' && path !== '' && typeof message === 'string' && message !== '';
    })
  );
}

function leaksIn(body: string, problem: Problem, target: string, secrets: readonly string[]): string[] {
  // `instance` is the caller's own path, hostile text and all; it must be without the query, which may hold a token.
  const { instance, ...ours } = problem;
  const faults: string[] = [];
  if (target.includes('?') && String(instance).includes('?')) faults.push('the query in instance');
  const text = JSON.stringify(ours);
  for (const leak of LEAKS)
    if (leak.test(text)) faults.push(`tells too much (${leak.source}): ${text.slice(0, 300)}`);
  if (text.includes(process.cwd())) faults.push('a path of this machine');
  for (const secret of secrets) if (body.includes(secret)) faults.push('a secret');
  return faults;
}
