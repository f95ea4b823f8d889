import fc from 'fast-check';
import { RoadMap, type MapPath } from './robot-map';
import { shortestPath } from './shortest-path';

const SIZE = 7;
const ids = Array.from({ length: SIZE }, (_, index) => `n${index}`);
const nodes = ids.map((id, x) => ({ id, x, y: 0 }));
const path = fc.record({
  id: fc.constant('p'),
  from: fc.constantFrom(...ids),
  to: fc.constantFrom(...ids),
  length: fc.integer({ min: 1, max: 50 }),
  oneWay: fc.boolean(),
});

/** Floyd–Warshall: slow, and so short that it can be read to be right. */
function distances(paths: readonly MapPath[]): Map<string, number> {
  const least = new Map<string, number>(ids.map((id) => [`${id}${id}`, 0]));
  const at = (a: string, b: string): number => least.get(a + b) ?? Infinity;
  for (const { from, to, length = 0, oneWay } of paths) {
    least.set(from + to, Math.min(at(from, to), length));
    if (!oneWay) least.set(to + from, Math.min(at(to, from), length));
  }
  for (const via of ids)
    for (const a of ids) for (const b of ids) least.set(a + b, Math.min(at(a, b), at(a, via) + at(via, b)));
  return least;
}

describe('the shortest path', () => {
  it('is as short as the best of all, on any map', () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 14 }), (paths) => {
        const map = new RoadMap({ name: 'any', nodes, paths });
        const least = distances(paths);
        for (const from of ids)
          for (const to of ids) {
            const found = shortestPath(map, from, to, 1);
            expect(found?.seconds ?? Infinity).toBe(least.get(from + to));
            expect([found?.nodes[0] ?? from, found?.nodes.at(-1) ?? to]).toEqual([from, to]);
          }
      }),
    );
  });
});
