import { EITHER, invalid, refused, type BadRequest, type Expectation } from './bad-request';
import { JSON_TYPE, type Context } from './context';
import type { Operation } from './operations';

/** Credentials and other headers that are missing, malformed, huge or somebody else's. */
export function headerCases(context: Context): BadRequest[] {
  return context.operations.flatMap((operation) => [
    ...(operation.security.length > 0
      ? credentialCases(context, operation)
      : publicCases(context, operation)),
    ...operation.parameters
      .filter((parameter) => parameter.in === 'header')
      .flatMap((parameter) => idempotencyCases(context, operation, parameter.name)),
    ...strangeHeaders(context, operation),
  ]);
}

const unsigned = (header: object, claims: object) =>
  `Bearer ${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

const FOREVER = 4_102_444_800;

function wrongCredentials(context: Context, good: string): [name: string, values: string[]][] {
  const token = good.replace(/^\S+\s+/, '');
  const always = { sub: context.options.good['userId'], role: 'Admin', name: 'x', exp: FOREVER };
  return [
    ['no credential', []],
    ['an empty credential', ['']],
    ['Bearer alone', ['Bearer']],
    ['Bearer and a space', ['Bearer ']],
    ['another scheme', [`Basic ${Buffer.from(`a:${token}`).toString('base64')}`]],
    ['the token without a scheme', [token]],
    ['the token under another scheme', [`Token ${token}`]],
    ['two tokens in one header', [`${good}, ${good}`]],
    ['two tokens after one scheme', [`${good} ${token}`]],
    ['two headers, the first wrong', ['Bearer wrong', good]],
    ['a token of 8 KB', [`Bearer ${'x'.repeat(8_192)}`]],
    ['the good token and more', [`${good}x`]],
    ['half of the good token', [good.slice(0, -Math.ceil(token.length / 2))]],
    ['the good token in capitals', [`Bearer ${token.toUpperCase()}x`]],
    ['a SQL text', [`Bearer '/**/OR/**/'1'='1`]],
    ['null', ['Bearer null']],
    ['undefined', ['Bearer undefined']],
    ['an object', ['Bearer [object Object]']],
    ['Latin-1 letters', ['Bearer \xe4\xf6\xfc\xff']],
    ['two dots', ['Bearer ..']],
    ['an unsigned JWT', [unsigned({ alg: 'none', typ: 'JWT' }, always)]],
    ['a JWT that is no JSON', ['Bearer e30.bm90IGpzb24.c2ln']],
    [
      'a JWT with a key of its own',
      [`${unsigned({ alg: 'RS256', kid: '../../etc/passwd', jku: 'http://127.0.0.1:1/' }, always)}c2ln`],
    ],
    ...Object.entries(context.options.wrongCredentials ?? {}).map(([name, value]): [string, string[]] => [
      name,
      [value],
    ]),
  ];
}

function wrongKeys(context: Context, good: string): [name: string, values: string[]][] {
  return [
    ['no key', []],
    ['an empty key', ['']],
    ['the key after a scheme', [`Bearer ${good}`]],
    ['two keys in one header', [`${good}, ${good}`]],
    ['two headers, the first wrong', ['wrong', good]],
    ['a key of 8 KB', ['x'.repeat(8_192)]],
    ['the good key and more', [`${good}x`]],
    ['half of the good key', [good.slice(0, Math.ceil(good.length / 2))]],
    [
      'the good key in other letters',
      [good.toUpperCase() === good ? good.toLowerCase() : good.toUpperCase()],
    ],
    ['a SQL text', [`'/**/OR/**/'1'='1`]],
    ['null', ['null']],
    ['undefined', ['undefined']],
    ['Latin-1 letters', ['\xe4\xf6\xfc\xff']],
    ['__proto__', ['__proto__']],
    ...Object.entries(context.options.wrongKeys ?? {}).map(([name, value]): [string, string[]] => [
      name,
      [value],
    ]),
  ];
}

function credentialCases(context: Context, operation: Operation): BadRequest[] {
  const header = context.credentialHeader(operation);
  const makeWrong = header === 'authorization' ? wrongCredentials : wrongKeys;
  const wrong = makeWrong(context, context.authorizationOf(operation) ?? '');
  const make = (name: string, authorization: string[], expected: Expectation): BadRequest => ({
    name: `${operation.name} with ${name}`,
    operation,
    request: context.request(operation, { authorization }),
    expected,
  });
  const badBody = (name: string, authorization: string[]): BadRequest => ({
    name: `${operation.name} with ${name} and a bad body`,
    operation,
    request: context.request(operation, { authorization, json: '{}', headers: [JSON_TYPE] }),
    expected: refused([400, 401]),
  });
  return [
    ...wrong.map(([name, values]) => make(name, values, refused(401))),
    ...(operation.body === undefined ? [] : wrong.map(([name, values]) => badBody(name, values))),
    ...tooMuch([header], (value) => context.request(operation, { authorization: [value] }), operation),
  ];
}

function publicCases(context: Context, operation: Operation): BadRequest[] {
  return wrongCredentials(context, 'Bearer token').map(([name, authorization]) => ({
    name: `${operation.name}, which is public, with ${name}`,
    operation,
    request: context.request(operation, { authorization }),
    expected: EITHER,
  }));
}

/** What HTTP itself does not allow in a header. */
function tooMuch(
  [header = '']: readonly string[],
  request: (value: string) => BadRequest['request'],
  operation: Operation,
): BadRequest[] {
  const cases: [string, string, number[]][] = [
    ['40 KB', 'x'.repeat(40_960), [431]],
    ['NUL', 'Bearer a\0b', [400]],
    ['an escape', 'Bearer a\x1b[31mb', [400]],
    ['DEL', 'Bearer a\x7fb', [400]],
    ['a lone line feed', 'Bearer a\nb', [400]],
  ];
  return cases.map(([name, value, statuses]) => ({
    name: `${operation.name} with ${name} in ${header}`,
    operation,
    request: request(value),
    expected: refused(statuses),
    beforeRouting: true,
  }));
}

function idempotencyCases(context: Context, operation: Operation, header: string): BadRequest[] {
  if (header.toLowerCase() !== 'idempotency-key') return [];
  const request = (...values: string[]) =>
    context.request(operation, { headers: [JSON_TYPE, ...values.map((value) => [header, value] as const)] });
  const bad: [string, string[]][] = [
    ['an empty key', ['']],
    ['a key of 256 characters', ['k'.repeat(256)]],
    ['a key of 8 KB', ['k'.repeat(8_192)]],
    ['a key with a space', ['a b']],
    ['a key with a tab', ['a\tb']],
    ['a key in Latin-1', ['\xe9\xff']],
    ['two keys', ['a', 'b']],
  ];
  return [
    ...bad.map(([name, values]) => ({
      name: `${operation.name} with ${name}`,
      operation,
      request: request(...values),
      expected: invalid(header),
    })),
    ...tooMuch([header], (value) => request(value), operation),
  ];
}

function strangeHeaders(context: Context, operation: Operation): BadRequest[] {
  const type = operation.body === undefined ? [] : [JSON_TYPE];
  const strange: [string, (readonly [string, string])[]][] = [
    ['a malformed traceparent', [['traceparent', '00-zz-zz-zz']]],
    ['a huge traceparent', [['traceparent', `00-${'a'.repeat(4_000)}`]]],
    ['another method in a header', [['x-http-method-override', 'DELETE']]],
    ['a hostile Accept', [['accept', "text/html;q='; DROP TABLE users; --"]]],
    ['a hostile X-Forwarded-For', [['x-forwarded-for', `${'1.2.3.4, '.repeat(300)}nonsense`]]],
    ['a header named __proto__', [['__proto__', 'x']]],
  ];
  // One thing wrong at a time and nothing changed by it: the credential is left out.
  return strange.map(([name, headers]) => ({
    name: `${operation.name} with ${name}`,
    operation,
    request: context.request(operation, { authorization: [], headers: [...type, ...headers] }),
    expected: operation.security.length > 0 ? refused(401) : EITHER,
  }));
}
