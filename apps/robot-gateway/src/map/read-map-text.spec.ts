import { readMapText } from './read-map-text';

const OPTIONS = { maxNodes: 100, maxPaths: 100, timeoutMs: 10_000 };
const read = (text: string, options = OPTIONS) => readMapText(text, options);
const faultsIn = async (text: string) => {
  const result = await read(text);
  return result.ok ? [] : result.faults;
};

const GOOD = `
name: Ground floor # the one with the kitchen
defaultSpeed: 0.8
nodes:
  - { id: Home, x: 0, y: 0 }
  - id: Living Room
    x: 3
    y: 4
paths:
  - id: p1
    from: Home
    to: Living Room
`;

describe('the text of a map', () => {
  it('is YAML or JSON', async () => {
    const yaml = await read(GOOD);
    expect(yaml).toMatchObject({ ok: true, map: { name: 'Ground floor', paths: [{ id: 'p1' }] } });
    if (!yaml.ok) return;
    expect(await read(JSON.stringify(yaml.map))).toEqual(yaml);
    // As people write JSON.
    expect(await read(JSON.stringify(yaml.map).replace(/\\]}$/, '],}'))).toEqual(yaml);
  });

  it('is refused with line and column of every fault', async () => {
    const text = GOOD.replace('to: Living Room', 'to: Attic\n    length: -3');
    expect(await faultsIn(text)).toEqual([
      { path: 'paths.0.length', message: 'length must not be less than 0 (line 13, column 13)' },
    ]);
    expect(await faultsIn(GOOD.replace('to: Living Room', 'to: Attic'))).toEqual([
      { path: 'paths.0.to', message: 'no node has the id "Attic" (line 12, column 9)' },
    ]);
  });

  it('is refused at the nearest place for what is not there', async () => {
    expect(await faultsIn(GOOD.replace('    x: 3\n', ''))).toContainEqual({
      path: 'nodes.1.x',
      message: expect.stringMatching(/must be a number.* \(line 6, column 5\)$/) as unknown,
    });
    expect(await faultsIn('{\n "name": "x",\n "nodes": [],\n "paths": []\n}')).toEqual([
      { path: 'nodes', message: 'nodes must contain at least 1 elements (line 3, column 11)' },
    ]);
  });

  it.each([
    ['name: [unclosed', /\(line 1, column 16\)$/],
    ['nodes:\n  - id: a\n    id: b\n', /Map keys must be unique.*\(line 3, column 5\)/],
    ['just text', /must be a JSON object/],
    ['', /must be a JSON object/],
    ['a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\n'.padEnd(60) + '\nc: *nowhere', /Unresolved alias/],
    [`${'['.repeat(50_000)}`, /./],
  ])('is refused, not suffered: %#', async (text, message) => {
    expect((await faultsIn(text))[0]?.message).toMatch(message);
  });

  it('is not unfolded without end', async () => {
    const layers = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(10)}]`);
    const [fault] = await faultsIn(`l0: &l0 [x]\n${layers.join('\n')}\n`);
    expect(fault?.message).toMatch(/Excessive alias count/);
  });

  it('does not hold up the process while it is read', async () => {
    const nodes = Array.from({ length: 3_000 }, (_, n) => `  - id: n${n}\n    x: ${n}\n    y: 0\n`);
    let turns = 0;
    const timer = setInterval(() => void (turns += 1), 5);
    const result = await read(`name: long\nnodes:\n${nodes.join('')}paths: []\n`, {
      ...OPTIONS,
      maxNodes: 5_000,
    });
    clearInterval(timer);
    expect(result.ok).toBe(true);
    expect(turns).toBeGreaterThan(10);
  });

  it('is given up when it takes too long', async () => {
    const result = await read(GOOD, { ...OPTIONS, timeoutMs: 1 });
    expect(result).toMatchObject({ ok: false, faults: [{ message: 'takes more than 1 ms to read' }] });
  });
});
