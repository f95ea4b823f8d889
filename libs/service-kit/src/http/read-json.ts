import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../errors/problem-error';
import { invalidBody } from '../errors/to-problem';

/** Texts that may hold one of the keys below, also as an escape. */
const SUSPICIOUS = /__proto__|constructor|\\u/;

/** As Fastify's parser has it: `__proto__`, and `constructor` with a `prototype`, are nothing that anybody means well by. */
function pollutes(root: unknown): boolean {
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    const inner: unknown = Object.hasOwn(value, 'constructor')
      ? (value as { constructor: unknown }).constructor
      : undefined;
    if (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype')) return true;
    for (const part of Object.values(value)) open.push(part);
  }
  return false;
}

/**
 * The JSON body of a raw request, by a callback: hot routes do without promises. The error is a ProblemError: 400 for what is
 * not JSON, 413 above `maxBytes`; the rest of a body that is too large is read and thrown away, so that the caller gets to
 * see why.
 */
export function readJson(
  req: IncomingMessage,
  maxBytes: number,
  done: (error: ProblemError | undefined, body?: unknown) => void,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  req.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) first = more = undefined;
    else if (first === undefined) first = chunk;
    else (more ??= [first]).push(chunk);
  });
  req.once('end', () => {
    if (length > maxBytes) {
      done(new ProblemError(413, 'PAYLOAD_TOO_LARGE', 'The body is larger than this endpoint takes'));
      return;
    }
    const bytes = more === undefined ? first : Buffer.concat(more);
    const parsed = parse(bytes?.toString('utf8') ?? '');
    if (parsed instanceof ProblemError) done(parsed);
    else done(undefined, parsed.body);
  });
  // The caller went away in the middle of it; nobody reads the answer, but nothing may wait for the rest.
  req.once('error', (cause) => done(new ProblemError(400, 'BAD_REQUEST', 'The body ended early', { cause })));
}

function parse(text: string): { readonly body: unknown } | ProblemError {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return invalidBody('must be valid JSON', error);
  }
  return SUSPICIOUS.test(text) && pollutes(body)
    ? invalidBody('must not have keys that change prototypes', undefined)
    : { body };
}
