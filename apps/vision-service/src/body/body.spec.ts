import fc from 'fast-check';
import { FrameText } from '../frames/frame-text';
import { BodyScanner, BodyTooComplex } from './body-scanner';
import { ByteBudget } from './byte-budget';

const MAX = 64 * 1024;

function scan(text: string, chunkBytes = 1_000): unknown {
  const scanner = new BodyScanner(MAX);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes));
  return scanner.end();
}

/** The value with its long texts as texts again. */
function plain(value: unknown): unknown {
  if (value instanceof FrameText) return value.read().toString('latin1');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

describe('a body that is read as it arrives', () => {
  it('is the value JSON.parse would give, wherever its chunks are cut', () => {
    const long = fc.integer({ min: 1_000, max: 9_000 }).map((length) => 'Ab/9'.repeat(length / 4));
    const key = fc.string().filter((name) => name !== '__proto__');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 1, -2.5e3),
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('', '"', '\\', '\\"', 'a\\\\"b', '\n\u0000'),
        long,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 5_000 }), (value, chunkBytes) => {
        const text = JSON.stringify(value);
        fc.pre(text.length < 60_000);
        expect(plain(scan(text, chunkBytes))).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps long texts as bytes, also those in which every slash is escaped', () => {
    const text = 'abc/'.repeat(5_000);
    const value = scan(`{"a":"${text}","b":["${text.replaceAll('/', '\\/')}"],"c":"short"}`, 777) as {
      a: FrameText;
      b: FrameText[];
      c: string;
    };
    expect(value.a).toBeInstanceOf(FrameText);
    expect(value.a.read().toString('latin1')).toBe(text);
    expect(value.b[0]?.read().toString('latin1')).toBe(text);
    expect(value.c).toBe('short');
  });

  it.each(['{', '{"a":"', '{"a":"\\', 'nope', '{"a" 1}', '{"__proto__":{}}'])(
    'is refused when it is %j',
    (text) => {
      expect(() => scan(text)).toThrow(SyntaxError);
    },
  );

  it('is nothing when it is empty', () => {
    expect(scan('')).toBeUndefined();
    expect(scan(' \n')).toBeUndefined();
  });

  it('may not hold much besides frames', () => {
    expect(() => scan(JSON.stringify(Array.from({ length: 20_000 }, (_, index) => index)))).toThrow(
      BodyTooComplex,
    );
    expect(() => scan(`{"${'k'.repeat(2_000)}":1}`)).toThrow(BodyTooComplex);
    expect(() => scan(JSON.stringify(Array.from({ length: 100 }, () => 'x'.repeat(1_500))))).toThrow(
      BodyTooComplex,
    );
  });
});

describe('the budget of bytes', () => {
  it('lets in what fits, the others in the order in which they came', async () => {
    const budget = new ByteBudget(100);
    const first = await budget.take(60, 5_000);
    const order: string[] = [];
    const big = budget.take(80, 5_000).then((release) => (order.push('big'), release));
    // It would fit, but would overtake.
    const small = budget.take(30, 5_000).then((release) => (order.push('small'), release));
    await new Promise(setImmediate);
    expect([order, budget.held, budget.waiting]).toEqual([[], 60, 2]);
    first!();
    first!();
    const release = await big;
    expect(budget.held).toBe(80);
    release!();
    (await small)!();
    expect([order, budget.held]).toEqual([['big', 'small'], 0]);
  });

  it('says when there was no room in time, and lets the next go on', async () => {
    const budget = new ByteBudget(100);
    const release = await budget.take(60, 1);
    const tooBig = budget.take(80, 10);
    const fits = budget.take(40, 5_000);
    expect(await tooBig).toBeUndefined();
    (await fits)!();
    release!();
    expect(budget.held).toBe(0);
  });

  it('takes a body larger than all of it alone', async () => {
    const budget = new ByteBudget(100);
    const release = await budget.take(500, 1);
    expect(budget.held).toBe(100);
    expect(await budget.take(1, 5)).toBeUndefined();
    release!();
    expect(budget.held).toBe(0);
  });
});
