import { ANSWERED, EITHER, invalid, refused, type BadRequest, type Expectation } from './bad-request';
import type { Context } from './context';
import { hostileTexts } from './hostile-values';
import type { Operation, Parameter } from './operations';

/** Texts that are no valid percent-encoding of UTF-8, or that decode to something sly. */
const BAD_ENCODINGS = [
  '%',
  '%f',
  '%ff',
  '%zz',
  '%c0%ae%c0%ae',
  '%E0%A4%A',
  '%u0041',
  '%ed%a0%80',
  'a%00b',
  '%0d%0aX-A:%201',
];
const LONG = [3_000, 10_240, 40_000];

/** Every path and query parameter with every hostile text, badly encoded, repeated, or too long. */
export function parameterCases(context: Context): BadRequest[] {
  return context.operations.flatMap((operation) =>
    operation.parameters.flatMap((parameter) => {
      if (parameter.in === 'path') return pathCases(context, operation, parameter);
      return parameter.in === 'query' ? queryCases(context, operation, parameter) : [];
    }),
  );
}

/** Percent-encoded; half a surrogate pair as the three bytes that a lax encoder would write. */
function encode(text: string): string {
  const whole = (part: string) => (/^[\ud800-\udfff]$/u.test(part) ? '%ed%a0%80' : encodeURIComponent(part));
  return [...text].map(whole).join('');
}

function accepts(context: Context, parameter: Parameter, text: string): boolean {
  return context.oracle.acceptsText(parameter.schema ?? {}, text);
}

function pathCases(context: Context, operation: Operation, parameter: Parameter): BadRequest[] {
  const { name } = parameter;
  const make = (what: string, raw: string, expected: Expectation): BadRequest => ({
    name: `${operation.name} with ${name}: ${what}`,
    operation,
    request: context.request(operation, { path: context.pathOf(operation, { [name]: raw }) }),
    expected,
    beforeRouting: true,
  });
  const texts = hostileTexts(context.good(name)).filter(([, text]) => text.length < 2_000);
  return [
    ...texts.map(([what, text]) => {
      if (text === '') return make(what, '', refused([404, 405]));
      const good = accepts(context, parameter, text);
      return make(what, encode(text), good ? ANSWERED : invalid(name, 'url'));
    }),
    ...BAD_ENCODINGS.map((raw) => make(raw, raw, refused([400, 404]))),
    ...['..', '.', '../..', './x/../y', 'a/b', '//'].map((raw) => make(raw, raw, refused([400, 404]))),
    ...LONG.map((length) => make(`${length} letters`, 'x'.repeat(length), refused([400, 404, 414, 431]))),
  ];
}

function queryCases(context: Context, operation: Operation, parameter: Parameter): BadRequest[] {
  const { name } = parameter;
  const good = encode(String(context.goodOf(parameter)));
  const others = operation.parameters
    .filter((other) => other.in === 'query' && other.required && other.name !== name)
    .map((other) => `${other.name}=${encode(String(context.goodOf(other)))}`);
  const make = (what: string, query: string, expected: Expectation): BadRequest => ({
    name: `${operation.name} with ?${name}: ${what}`,
    operation,
    request: context.request(operation, { query: [query, ...others].filter(Boolean).join('&') }),
    expected,
  });
  // In an address half a surrogate pair is three bytes that are read as three replacement characters.
  const asRead = (text: string) => text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd'.repeat(3));
  const judge = (text: string) =>
    accepts(context, parameter, asRead(text)) ? ANSWERED : invalid(name, 'url');
  const texts = hostileTexts(context.goodOf(parameter)).filter(([, text]) => text.length < 2_000);
  return [
    make('missing', '', parameter.required ? invalid(name) : ANSWERED),
    ...texts.map(([what, text]) => make(what, `${name}=${encode(text)}`, judge(text))),
    ...BAD_ENCODINGS.map((raw) =>
      make(raw, `${name}=${raw}`, accepts(context, parameter, raw) ? EITHER : invalid(name, 'url')),
    ),
    make('named only', name, judge('')),
    make('given twice', `${name}=${good}&${name}=${good}`, invalid(name)),
    make('given a hundred times', Array(100).fill(`${name}=${good}`).join('&'), invalid(name)),
    make('as an array element', `${name}[]=${good}`, parameter.required ? invalid(name) : ANSWERED),
    make('as an object member', `${name}[a]=${good}`, parameter.required ? invalid(name) : ANSWERED),
    make('beside hostile names', `${name}=${good}&__proto__[x]=1&constructor=1&toString=1&=&&a`, ANSWERED),
    make('8,000 letters', `${name}=${'x'.repeat(8_000)}`, judge('x'.repeat(8_000))),
    { ...make('40,000 letters', `${name}=${'x'.repeat(40_000)}`, refused([414, 431])), beforeRouting: true },
  ];
}
