import fc from 'fast-check';
import { canonicalOf, jsonText, LIMITS } from './json-text.spec-support';
import { NotJson } from './not-json';
import { referenceCanonical } from './reference.spec-support';

// A busy machine is a slow machine.
jest.setTimeout(120_000);

describe('the canonical form', () => {
  it.each([
    ['{"b": 1, "a": {"d": 2, "c": 3}}', '{"a":{"c":3,"d":2},"b":1}'],
    ['{"n": [1.0, 1e3, -0, 1E+2, 0.10]}', '{"n":[1.0,1e3,-0,1E+2,0.10]}'],
    ['{"k" :\t[ ] , "j" : { } }', '{"j":{},"k":[]}'],
    ['{"s": "\\/ \\u0041"}', '{"s":"/ A"}'],
    ['{"\\u0062": 1, "a": 2}', '{"a":2,"b":1}'],
    ['{"a": 1, "B": 2, "": 3}', '{"":3,"B":2,"a":1}'],
  ])('of %s is %s', (text, expected) => {
    expect(canonicalOf(text, 'ascii')).toBe(expected);
    expect(canonicalOf(text, 'raw')).toBe(expected);
  });

  it('spells strings as the form says', () => {
    const text = '{"s": "é\x7f \\u00E9 \u{1f600}"}';
    expect(canonicalOf(text, 'ascii')).toBe('{"s":"\\u00e9\\u007f \\u00e9 \\ud83d\\ude00"}');
    expect(canonicalOf(text, 'raw')).toBe('{"s":"é\x7f é \u{1f600}"}');
    expect(canonicalOf(text, 'received')).toBe('{"s":"é\x7f \\u00E9 \u{1f600}"}');
  });

  it('orders keys by code points, not by JavaScript’s units', () => {
    // U+FF5E comes before U+1F600, whose first unit (D83D) is smaller.
    expect(canonicalOf('{"\u{1f600}": 1, "\uff5e": 2}', 'raw')).toBe('{"\uff5e":2,"\u{1f600}":1}');
    expect(canonicalOf('{"\\uff5e": 2, "\\ud83d": 1, "\\ue000": 3}', 'ascii')).toBe(
      '{"\\ud83d":1,"\\ue000":3,"\\uff5e":2}',
    );
  });

  it('is that of the slow and obvious way, for any text', () => {
    fc.assert(
      fc.property(jsonText.value, (text) => {
        expect(canonicalOf(text, 'ascii')).toBe(referenceCanonical(text, 'ascii'));
        expect(canonicalOf(text, 'raw')).toBe(referenceCanonical(text, 'raw'));
      }),
      { numRuns: 600 },
    );
  });

  it('of itself is itself', () => {
    fc.assert(
      fc.property(jsonText.object, (text) => {
        const canonical = canonicalOf(text, 'ascii');
        expect(canonicalOf(canonical, 'ascii')).toBe(canonical);
        expect(JSON.parse(canonical)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on where the text lies in memory', () => {
    const text = `{"b":"${'x'.repeat(700)}é","a":"${'y'.repeat(70_000)}"}`;
    for (let shift = 0; shift < 9; shift += 1) {
      const room = Buffer.alloc(shift + Buffer.byteLength(text) + 5, 0x01);
      room.write(text, shift);
      const bytes = room.subarray(shift, shift + Buffer.byteLength(text));
      expect(canonicalOf(bytes, 'raw')).toBe(referenceCanonical(text, 'raw'));
    }
  });
});

describe('a text that is no JSON', () => {
  it.each([
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice in another spelling', '{"a":1,"b":2,"\\u0061":3}'],
    ['a key twice further in', '{"x":[{"k":1,"k":1}]}'],
    ['NaN', '{"a":NaN}'],
    ['Infinity', '{"a":-Infinity}'],
    ['a leading zero', '{"a":01}'],
    ['a bare point', '{"a":1.}'],
    ['a plus sign', '{"a":+1}'],
    ['a comma at the end', '{"a":1,}'],
    ['a comma at the end of an array', '[1,]'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{"a":1/**/}'],
    ['a line break in a string', '{"a":"x\ny"}'],
    ['a control character in a long string', `{"a":"${'x'.repeat(5_000)}\u0001${'x'.repeat(5_000)}"}`],
    ['an unknown escape', '{"a":"\\x41"}'],
    ['half an escape', '{"a":"\\u00"}'],
    ['an unfinished string', '{"a":"x'],
    ['an unfinished long string', `{"a":"${'x'.repeat(5_000)}`],
    ['an unfinished object', '{"a":1'],
    ['something behind it', '{"a":1} x'],
    ['half a word', '{"a":tru}'],
    ['nothing', ''],
    ['white space that JSON does not know', '{"a":\u00a01}'],
  ])('is refused: %s', (_, text) => {
    expect(() => canonicalOf(text, 'ascii')).toThrow(NotJson);
  });

  it('is refused exactly when JSON.parse refuses it, but for keys given twice', () => {
    const broken = fc
      .tuple(jsonText.value, fc.nat(), fc.constantFrom('', '"', '\\', ',', '}', '0', '\u0007', 'e'))
      .map(
        ([text, at, put]) =>
          text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(broken, (text) => {
        // Half a pair would become another character on its way through UTF-8.
        fc.pre(!/\p{Surrogate}/u.test(text));
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        try {
          canonicalOf(text, 'raw');
          expect(parses).toBe(true);
        } catch (error) {
          if (!(error instanceof NotJson)) throw error;
          if (error.why !== 'a key twice') expect(parses).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused when it is nested too deeply or has too many members', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(canonicalOf(nested(512), 'ascii')).toHaveLength(1_024);
    expect(() => canonicalOf(nested(513), 'ascii')).toThrow('nested too deeply');
    expect(() => canonicalOf(nested(1_000_000), 'ascii')).toThrow('nested too deeply');
    const members = (n: number) => `{${Array.from({ length: n }, (_, i) => `"k${i}":0`).join(',')}}`;
    expect(() => canonicalOf(members(11), 'ascii', { ...LIMITS, maxMembers: 10 })).toThrow(
      'too many members',
    );
  });
});

describe('a hostile text of 8 MiB', () => {
  const MIB8 = 8 * 1024 * 1024;
  // Plain Node takes 0.2 s at most; jest's sandbox many times that. What is not linear would take minutes.
  const MOST_MICROSECONDS = 20_000_000;
  const fill = (head: string, unit: string, tail: string) =>
    head + unit.repeat(Math.floor((MIB8 - head.length - tail.length) / unit.length)) + tail;

  it.each([
    ['escapes that hide every quote', fill('{"a":"', '\\"', '"}')],
    ['an escape every forty characters', fill('{"a":"', `${'x'.repeat(38)}\\n`, '"}')],
    ['strings without end', fill('{"a":[""', ',"x"', ']}')],
    ['digits', fill('{"a":', '1', '}')],
    ['white space', fill('{"a":', ' ', '1}')],
  ])('takes no longer than its length asks for: %s', (_, text) => {
    const began = process.cpuUsage();
    canonicalOf(text, 'received');
    expect(process.cpuUsage(began).user).toBeLessThan(MOST_MICROSECONDS);
  });

  it('is refused before it costs much: members', () => {
    let n = 0;
    const text = fill('{', 'x', '}').replace(/x{1,12}/g, () => `"${(n += 1)}":0,`);
    const began = process.cpuUsage();
    expect(() => canonicalOf(text, 'ascii')).toThrow('too many members');
    expect(process.cpuUsage(began).user).toBeLessThan(MOST_MICROSECONDS);
  });
});
