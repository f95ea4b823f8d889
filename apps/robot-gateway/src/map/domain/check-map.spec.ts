import type { MapDocument } from '@teleop/contracts';
import fc from 'fast-check';
import { checkMap } from './check-map';
import { smallMap } from './made-maps.spec-support';

const LIMITS = { maxNodes: 100, maxPaths: 100 };
const good = (): MapDocument => ({
  name: 'Ground floor',
  nodes: [
    { id: 'Home', x: 0, y: 0 },
    { id: 'Living Room', x: 3, y: 4 },
  ],
  paths: [{ id: 'p1', from: 'Home', to: 'Living Room', length: 5.5, speed: 0.5 }],
});
const faults = (map: unknown, limits = LIMITS) => {
  const checked = checkMap(map, limits);
  return checked.ok ? [] : checked.faults.map(({ path, message }) => `${path}: ${message}`);
};
const withPath = (path: object) => ({ ...good(), paths: [{ ...good().paths[0], ...path }] });

describe('a map that was sent in', () => {
  it('is taken as it is, without what no map has', () => {
    const extra = { ...good(), colour: 'red', nodes: good().nodes.map((node) => ({ ...node, name: null })) };
    expect(checkMap(extra, LIMITS)).toEqual({ ok: true, map: good() });
  });

  it.each([
    [withPath({ from: 'Attic' }), 'paths.0.from: no node has the id "Attic"'],
    [withPath({ to: 'Home' }), 'paths.0.to: "Home" is where the path begins'],
    [withPath({ length: -1 }), 'paths.0.length: length must not be less than 0'],
    [withPath({ length: 4.9 }), /^paths\.0\.length: 4\.9 m is shorter than the straight line .* 5\.000 m$/],
    [withPath({ speed: 0 }), 'paths.0.speed: speed must not be less than 0.001'],
    [withPath({ length: NaN }), /^paths\.0\.length: length must be a number/],
    [{ ...good(), nodes: [{ id: 'Home', x: Infinity, y: 0 }] }, /^nodes\.0\.x: /],
    [{ ...good(), nodes: [], paths: [] }, /^nodes: nodes must contain at least 1/],
    [{ ...good(), nodes: 'none' }, /^nodes: nodes must be an array/],
    [null, /must be a JSON object/],
  ])('is refused with the place of the fault: %#', (map, message) => {
    expect(faults(map)).toContainEqual(expect.stringMatching(message) as unknown);
  });

  it('is refused with the place of every fault at once', () => {
    const [node] = good().nodes;
    const map = {
      ...good(),
      nodes: [...good().nodes, node],
      paths: [...good().paths, ...withPath({ to: 'x' }).paths],
    };
    expect(faults(map)).toEqual([
      'nodes.2.id: "Home" is the id of nodes.0 already',
      'paths.1.id: "p1" is the id of paths.0 already',
      'paths.1.to: no node has the id "x"',
    ]);
  });

  it('may round its lengths, and run in curves', () => {
    for (const length of [4.96, 4.995, 5, 500]) expect(faults(withPath({ length }))).toEqual([]);
  });

  it('is not looked at when it is too large', () => {
    expect(faults(good(), { maxNodes: 1, maxPaths: 0 })).toEqual([
      'nodes: 2 nodes, at most 1 are allowed',
      'paths: 1 paths, at most 0 are allowed',
    ]);
  });

  it('is refused or understood, never a crash', () => {
    const damage = fc.tuple(
      fc.constantFrom('id', 'x', 'from', 'to', 'length', 'speed', 'oneWay'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(smallMap, fc.array(damage, { maxLength: 3 }), fc.nat(), (map, damages, seed) => {
        const broken = structuredClone(map) as unknown as Record<string, Record<string, unknown>[]>;
        for (const [field, value] of damages) {
          const list = broken[seed % 2 === 0 ? 'nodes' : 'paths']!;
          if (list.length > 0) list[seed % list.length]![field] = value;
        }
        const checked = checkMap(broken, LIMITS);
        if (!checked.ok) expect(checked.faults.length).toBeGreaterThan(0);
        if (damages.length === 0) expect(checked.ok).toBe(true);
      }),
    );
  });
});
