import fc from 'fast-check';
import { ANSWERED, refused, type BadRequest, type Expectation } from './bad-request';
import { JSON_TYPE, type Context } from './context';
import { expectedOf, pollutes } from './field-cases';
import { hostileTexts, hostileValues } from './hostile-values';
import type { Operation, Parameter } from './operations';

/** Requests of any operation in which each part is good, hostile or arbitrary, independently of the others. */
export function randomRequests(context: Context): fc.Arbitrary<BadRequest> {
  return fc.constantFrom(...context.operations).chain((operation) =>
    fc
      .record({
        body: bodyOf(context, operation),
        extras: fc.dictionary(
          fc.string({ maxLength: 8 }).map((key) => `x_${key}`),
          fc.jsonValue(),
          { maxKeys: 3 },
        ),
        query: queryOf(context, operation),
        credential: fc.oneof(
          { weight: 4, arbitrary: fc.constant('good' as const) },
          fc.constant('none' as const),
          fc.stringMatching(/^[!-~]{1,40}$/),
        ),
      })
      .map((parts) => requestOf(context, operation, parts)),
  );
}

interface Parts {
  readonly body: Readonly<Record<string, string | undefined>>;
  readonly extras: Readonly<Record<string, unknown>>;
  readonly query: readonly (readonly [Parameter, string])[];
  readonly credential: string;
}

/** JSON texts by property; a huge one is left to the exhaustive cases, which know that it is too large. */
function bodyOf(context: Context, operation: Operation): fc.Arbitrary<Record<string, string | undefined>> {
  const value = (name: string) => {
    const good = context.good(name);
    const hostile = hostileValues(good).filter(({ json }) => (json?.length ?? 0) < 50_000);
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant<string | undefined>(JSON.stringify(good)) },
      { weight: 2, arbitrary: fc.constantFrom(...hostile.map(({ json }) => json)) },
      fc.json(),
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    );
  };
  const names = context.properties(operation).map(([name]) => name);
  return fc.record(Object.fromEntries(names.map((name) => [name, value(name)])));
}

function queryOf(context: Context, operation: Operation): fc.Arbitrary<(readonly [Parameter, string])[]> {
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
  const one = (parameter: Parameter) => {
    const good = context.goodOf(parameter);
    const texts = hostileTexts(good)
      .map(([, text]) => text)
      // Half a pair has no percent-encoding.
      .filter((text) => text.length < 1_000 && !/[\ud800-\udfff]/u.test(text));
    return fc
      .oneof(
        fc.constant(String(good)),
        fc.constantFrom(...texts),
        fc.string({ unit: 'binary', maxLength: 20 }),
      )
      .map((text) => [parameter, text] as const);
  };
  return fc
    .tuple(
      ...parameters.map((parameter) =>
        parameter.required ? one(parameter) : fc.option(one(parameter), { nil: undefined }),
      ),
    )
    .map((chosen) => chosen.filter((entry) => entry !== undefined));
}

function requestOf(context: Context, operation: Operation, parts: Parts): BadRequest {
  const { credential } = parts;
  const extras = Object.entries(parts.extras).map(([name, value]) => [name, JSON.stringify(value)]);
  const hasBody = operation.body !== undefined;
  const json = hasBody
    ? context.bodyWith(operation, { ...Object.fromEntries(extras), ...parts.body })
    : undefined;
  const query = parts.query.map(([{ name }, text]) => `${name}=${encodeURIComponent(text)}`).join('&');
  const wrong = context.credentialHeader(operation) === 'authorization' ? `Bearer ${credential}` : credential;
  const authorization = credential === 'good' ? undefined : credential === 'none' ? [] : [wrong];
  return {
    name: `${operation.name} at random: ${query} ${json?.slice(0, 500) ?? ''} as ${credential}`,
    operation,
    request: context.request(operation, {
      json,
      query,
      headers: hasBody ? [JSON_TYPE] : [],
      ...(authorization && { authorization }),
    }),
    expected: expected(context, operation, parts),
  };
}

function expected(context: Context, operation: Operation, parts: Parts): Expectation {
  const hasBody = operation.body !== undefined;
  const bad = [
    ...context
      .properties(operation)
      .map(([field, schema, required]) =>
        expectedOf(context, { field, schema, required }, parts.body[field]),
      ),
    ...parts.query.map(([{ name, schema }, text]) =>
      context.oracle.acceptsText(schema ?? {}, text) ? ANSWERED : refused(400, name, 'url'),
    ),
    // Unknown fields are ignored, but for this.
    ...(hasBody && pollutes(JSON.stringify(parts.extras)) ? [refused(400, 'body')] : []),
  ].filter((found) => found.kind === 'refused');
  const unknownCaller = operation.security.length > 0 && parts.credential !== 'good';
  if (bad.length === 0) return unknownCaller ? refused(401) : ANSWERED;
  if (unknownCaller) return refused([400, 401]);
  return refused(400, ...bad.flatMap((found) => found.fields ?? []));
}
