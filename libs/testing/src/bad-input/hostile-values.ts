/** A value as JSON text, since -0, 1.0 and 1e400 do not survive JSON.stringify; undefined: the field is left out. */
export interface HostileValue {
  readonly name: string;
  readonly json: string | undefined;
}

const LEVELS = 10_000;

const TEXTS: Readonly<Record<string, string>> = {
  'empty string': '',
  'one space': ' ',
  'one letter': 'x',
  '10 KB of text': 'x'.repeat(10_240),
  NUL: '\0',
  'NUL inside': 'arm\x001',
  'lone high surrogate': '\ud800',
  'lone low surrogate': 'a\udc00b',
  'swapped surrogate pair': '\udc00\ud800',
  emoji: '🦾',
  'emoji family': '👩‍👩‍👧‍👦',
  'right-to-left override': 'arm\u202e1',
  'Arabic text': 'ذراع',
  'zero-width joiner': 'arm\u200d1',
  'byte order mark': '\ufeffarm1',
  'line separator': 'arm\u20281',
  'control characters': '\x01\x02\x07\x08\x1b[31m\x7f',
  'line breaks': 'arm1\r\nX-Injected: 1',
  tab: 'arm\t1',
  'stacked combining marks': `a${'\u0301'.repeat(500)}`,
  'full-width digits': '１２３',
  'Turkish dotless i': 'admın',
  'SQL: drop table': `'; DROP TABLE users; --`,
  'SQL: always true': `' OR '1'='1`,
  'SQL: sleep': `1; SELECT pg_sleep(30); --`,
  'SQL: dollar quote': '$$; COMMIT; $$',
  'SQL: placeholder': '$1',
  'NATS: all below': 'arm1.>',
  'NATS: all': '>',
  'NATS: any token': '*',
  'NATS: two tokens': 'arm1.arm2',
  'NATS: system subject': '$SYS.REQ.SERVER.PING',
  'path: up': '../..',
  'path: up, Windows': '..\\..\\',
  'path: absolute': '/etc/passwd',
  'path: encoded': '%2e%2e%2f%00',
  'Redis: two commands': 'x\r\nFLUSHALL\r\n',
  template: '{{7*7}}${7*7}<%= 7*7 %>',
  'look-up': '${jndi:ldap://127.0.0.1/a}',
  script: '<script>alert(1)</script>',
  'format string': '%s%n%x%d',
  // Computed: as a plain key it would set the prototype.
  ['__proto__']: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  'text null': 'null',
  'text undefined': 'undefined',
  'text true': 'true',
  'text number': '1',
  'text NaN': 'NaN',
  'nil UUID': '00000000-0000-0000-0000-000000000000',
  'UUID without dashes': '0123456789abcdef0123456789abcdef',
  'UUID as URN': 'urn:uuid:01234567-89ab-4def-8123-456789abcdef',
  'UUID in braces': '{01234567-89ab-4def-8123-456789abcdef}',
};

const OTHERS: Readonly<Record<string, string | undefined>> = {
  missing: undefined,
  null: 'null',
  true: 'true',
  false: 'false',
  zero: '0',
  'minus zero': '-0',
  one: '1',
  'integer as float': '1.0',
  'minus one': '-1',
  fraction: '1.5',
  'over 2^53': '9007199254740993',
  'over 2^63': '92233720368547758089',
  'too large for a double': '1e400',
  'very small': '1e-400',
  'empty array': '[]',
  'array of null': '[null]',
  'empty object': '{}',
  'object posing as text': '{"length":3,"toString":"arm1"}',
  'query operator': '{"$ne":null}',
  '__proto__ key': '{"__proto__":{"polluted":true}}',
  'constructor key': '{"constructor":{"prototype":{"polluted":true}}}',
  '10,000 arrays deep': '['.repeat(LEVELS) + ']'.repeat(LEVELS),
  '10,000 objects deep': '{"a":'.repeat(LEVELS) + '1' + '}'.repeat(LEVELS),
  '300 KB of text': JSON.stringify('x'.repeat(300 * 1024)),
};

/** Hostile texts; with a good value also what a careless check would take for it. */
export function hostileTexts(good?: unknown): [name: string, text: string][] {
  const texts = Object.entries(TEXTS);
  if (typeof good !== 'string') return texts;
  return [
    ...texts,
    ['good with a line feed', `${good}\n`],
    ['good after a space', ` ${good}`],
    ['good before NUL', `${good}\0`],
    ['good twice', `${good},${good}`],
    ['good with a quote', `${good}'`],
  ];
}

/** Everything to send in place of `good`. */
export function hostileValues(good: unknown): HostileValue[] {
  const json = JSON.stringify(good);
  return [
    ...hostileTexts(good).map(([name, text]) => ({ name, json: JSON.stringify(text) })),
    ...Object.entries(OTHERS).map(([name, text]) => ({ name, json: text })),
    { name: 'good in an array', json: `[${json}]` },
    { name: 'good in an object', json: `{"value":${json}}` },
  ];
}
