import fc from 'fast-check';
import { mayAnnounce, parseAnnounce } from './announce';

const parse = (value: unknown) =>
  parseAnnounce(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

describe('an announcement', () => {
  it('is of the default robot, or of one that it names', () => {
    expect(parse({ type: 'announce', port: 8000 })).toEqual({ port: 8000, robotId: undefined });
    expect(parse({ type: 'announce', port: 1, robotId: null })).toEqual({ port: 1, robotId: undefined });
    expect(parse({ type: 'announce', port: 65_535, robotId: 'table2', extra: 1 })).toEqual({
      port: 65_535,
      robotId: 'table2',
    });
  });

  it.each([
    'x',
    'null',
    '[]',
    '7',
    { port: 8000 },
    { type: 'hello', port: 8000 },
    { type: 'announce' },
    { type: 'announce', port: 0 },
    { type: 'announce', port: 65_536 },
    { type: 'announce', port: '8000' },
    { type: 'announce', port: 80.5 },
    { type: 'announce', port: 8000, robotId: 'a.b' },
    { type: 'announce', port: 8000, robotId: 7 },
    { type: 'announce', port: 8000, pad: 'x'.repeat(1_024) },
  ])('is nothing else: %j', (value) => expect(parse(value)).toBeUndefined());

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void parseAnnounce(Buffer.from(bytes))),
    );
  });
});

describe('who may say over UDP where a robot is', () => {
  const nowhere = undefined;
  it.each([
    // auth, default robot, known, from, may
    ['open', true, nowhere, true],
    ['open', true, '10.0.0.1', true],
    ['open', true, '10.0.0.9', true],
    ['open', false, nowhere, true],
    ['open', false, '10.0.0.1', false],
    ['open', false, '10.0.0.9', true],
    ['required', true, nowhere, true],
    ['required', true, '10.0.0.1', false],
    ['required', true, '10.0.0.9', true],
    ['required', false, nowhere, false],
    ['required', false, '10.0.0.1', false],
    ['required', false, '10.0.0.9', true],
  ] as const)('%s, default robot %s, known at %s, says 10.0.0.9: %s', (auth, isDefault, known, may) => {
    expect(mayAnnounce({ auth, isDefault, known, host: '10.0.0.9' })).toBe(may);
  });
});
