import fc from 'fast-check';
import { feedCanonical, type Form } from './canonical-form';
import { JsonScan, type ScanLimits } from './json-scan';

export const LIMITS: ScanLimits = { maxDepth: 512, maxMembers: 100_000 };

/** The canonical form of a whole JSON text; throws NotJson. */
export function canonicalOf(text: string | Buffer, form: Form, limits = LIMITS): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const scan = new JsonScan(bytes, limits);
  scan.record();
  scan.space();
  scan.value(1);
  scan.end();
  const chunks: Buffer[] = [];
  feedCanonical({ update: (chunk) => chunks.push(Buffer.from(chunk)) }, bytes, scan.spans, form);
  return Buffer.concat(chunks).toString('utf8');
}

const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,6})?([eE][+-]?\d{1,3})?$/),
);

const char = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }) },
  fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  fc.constantFrom('\x7f', '\u2028', '\ud83d\ude00', '\uffff', '\u0000', '"', '\\', '/', '\n', 'é'),
);
const content = fc.oneof(
  fc.array(char, { maxLength: 12 }).map((chars) => chars.join('')),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  // Long ones take another way through the scan.
  fc.tuple(fc.nat(400), char).map(([length, one]) => `${'x'.repeat(length)}${one}${'y'.repeat(length)}`),
);

/** A string literal in any spelling JSON allows. */
const literal = fc.tuple(content, fc.infiniteStream(fc.nat(5))).map(([text, dice]) => {
  const spelled = text.split('').map((unit) => {
    const code = unit.charCodeAt(0);
    const hex = code.toString(16).padStart(4, '0');
    const roll = dice.next().value as number;
    const surrogate = code >= 0xd800 && code <= 0xdfff;
    if (roll === 0 && !surrogate) return `\\u${hex}`;
    if (roll === 1 && !surrogate) return `\\u${hex.toUpperCase()}`;
    if (unit === '/' && roll === 2) return '\\/';
    return JSON.stringify(unit)
      .slice(1, -1)
      .replace(/^\\u(d[89a-f]..)$/i, unit);
  });
  // Halves of a pair stay together; a lone one has no raw spelling.
  return `"${spelled.join('').replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`)}"`;
});

/** Any JSON text: white space anywhere, numbers and strings in every spelling, no key twice. */
export const jsonText = fc.letrec<{ value: string; object: string }>((tie) => {
  const pad = (inner: fc.Arbitrary<string>) => fc.tuple(space, inner, space).map((parts) => parts.join(''));
  const member = fc.tuple(pad(literal), tie('value'));
  const object = fc
    .uniqueArray(member, { maxLength: 6, selector: ([key]) => JSON.parse(key) as string })
    .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`);
  const array = fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`);
  return {
    object,
    value: pad(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        literal,
        number,
        fc.constantFrom('true', 'false', 'null'),
        object,
        array,
      ),
    ),
  };
});
