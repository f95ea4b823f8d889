import type { MapDocument } from '@teleop/contracts';
import fc from 'fast-check';
import { ActiveMap, type PlanRequest } from './active-map';
import { gridMap, smallMap } from './made-maps.spec-support';
import { compileMap, DEFAULT_SPEED } from './road-graph';
import { ShortestPaths } from './shortest-path';
import { travelTimesFrom } from './travel-times';

const active = (map: MapDocument) => new ActiveMap('00000000-0000-4000-8000-000000000001', map);

/** Bellman and Ford's relaxation, straight from the document: slow, and hard to get wrong. */
function reference(map: MapDocument, request: PlanRequest): number {
  const nodes = new Set(request.blocked?.nodeIds);
  const paths = new Set(request.blocked?.pathIds);
  const at = new Map(map.nodes.map((node) => [node.id, node]));
  const best = new Map([[request.from, 0]]);
  const ways = map.paths.flatMap((path) => [
    path,
    ...(path.oneWay === true ? [] : [{ ...path, from: path.to, to: path.from }]),
  ]);
  for (let round = 0; round < map.nodes.length; round += 1) {
    for (const way of ways) {
      const here = best.get(way.from);
      if (here === undefined || paths.has(way.id) || nodes.has(way.to)) continue;
      const [a, b] = [at.get(way.from)!, at.get(way.to)!];
      const metres = way.length ?? Math.hypot(a.x - b.x, a.y - b.y);
      const speed = Math.min(way.speed ?? map.defaultSpeed ?? DEFAULT_SPEED, request.maxSpeed ?? Infinity);
      best.set(way.to, Math.min(best.get(way.to) ?? Infinity, here + metres / speed));
    }
  }
  return request.from === request.to ? 0 : (best.get(request.to) ?? Infinity);
}

const requestOn = (map: MapDocument): fc.Arbitrary<PlanRequest> => {
  const node = fc.constantFrom(...map.nodes.map(({ id }) => id));
  const some = (ids: string[]) =>
    ids.length === 0 ? fc.constant([]) : fc.subarray(ids, { maxLength: Math.min(3, ids.length) });
  return fc.record({
    from: node,
    to: node,
    blocked: fc.record({
      nodeIds: some(map.nodes.map(({ id }) => id)),
      pathIds: some(map.paths.map(({ id }) => id)),
    }),
    maxSpeed: fc.option(fc.constantFrom(0.3, 1, 10), { nil: undefined }),
  });
};
const mapAndRequests = smallMap.chain((map) =>
  fc.record({ map: fc.constant(map), requests: fc.array(requestOn(map), { minLength: 1, maxLength: 5 }) }),
);

describe('the quickest path', () => {
  it('takes as long as the reference says, or is not there, whatever is blocked', () => {
    const seen = { found: 0, missing: 0 };
    fc.assert(
      fc.property(mapAndRequests, ({ map, requests }) => {
        const planner = active(map);
        // Several on one map: what a search leaves behind must not leak into the next.
        for (const request of requests) {
          const plan = planner.plan(request);
          const wanted = reference(map, request);
          seen[plan === undefined ? 'missing' : 'found'] += 1;
          expect(plan?.etaSeconds ?? Infinity).toBeCloseTo(wanted, 9);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(seen.found, seen.missing)).toBeGreaterThan(150);
  });

  it('is a walk over paths that are open, in their direction, and says what it costs', () => {
    fc.assert(
      fc.property(mapAndRequests, ({ map, requests }) => {
        for (const request of requests) {
          const plan = active(map).plan(request);
          if (plan === undefined) continue;
          expect([plan.nodeIds[0], plan.nodeIds.at(-1)]).toEqual([request.from, request.to]);
          expect(plan.pathIds).toHaveLength(plan.nodeIds.length - 1);
          let [metres, seconds] = [0, 0];
          for (const [index, id] of plan.pathIds.entries()) {
            const path = map.paths.find((one) => one.id === id)!;
            const step = [plan.nodeIds[index], plan.nodeIds[index + 1]];
            const backwards = path.oneWay !== true && step[0] === path.to;
            expect(step).toEqual(backwards ? [path.to, path.from] : [path.from, path.to]);
            expect([...(request.blocked?.pathIds ?? [])]).not.toContain(id);
            expect([...(request.blocked?.nodeIds ?? [])]).not.toContain(step[1]);
            const [a, b] = [path.from, path.to].map((end) => map.nodes.find((node) => node.id === end)!);
            const length = path.length ?? Math.hypot(a!.x - b!.x, a!.y - b!.y);
            metres += length;
            seconds += length / Math.min(path.speed ?? map.defaultSpeed ?? 1, request.maxSpeed ?? Infinity);
          }
          expect(plan.lengthM).toBeCloseTo(metres, 9);
          expect(plan.etaSeconds).toBeCloseTo(seconds, 9);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with the times from one node to all', () => {
    const graph = compileMap(gridMap(20));
    const paths = new ShortestPaths(graph);
    const times = travelTimesFrom(graph, 7);
    for (let to = 0; to < graph.nodeIds.length; to += 1) {
      expect(paths.find({ from: 7, to })?.seconds).toBeCloseTo(times[to]!, 9);
    }
  });

  it('does not look at the whole map when the goal is near', () => {
    const graph = compileMap(gridMap(100));
    const found = new ShortestPaths(graph).find({ from: 0, to: graph.nodeIndex.get('n3-3')! });
    expect(found!.visited).toBeLessThan(100);
  });

  it('lets a robot leave the node it stands on, though it is blocked, and stay there', () => {
    const map: MapDocument = {
      name: 'line',
      nodes: [
        { id: 'a', x: 0, y: 0 },
        { id: 'b', x: 1, y: 0 },
      ],
      paths: [{ id: 'ab', from: 'a', to: 'b' }],
    };
    const blocked = { nodeIds: ['a'], pathIds: [] };
    expect(active(map).plan({ from: 'a', to: 'b', blocked })).toMatchObject({ pathIds: ['ab'], lengthM: 1 });
    expect(active(map).plan({ from: 'a', to: 'a', blocked })).toMatchObject({
      nodeIds: ['a'],
      etaSeconds: 0,
    });
    expect(active(map).plan({ from: 'b', to: 'a', blocked })).toBeUndefined();
  });
});

describe('travel times', () => {
  const planner = active({
    name: 'two parts',
    nodes: [
      { id: 'n1', x: 0, y: 0, name: 'Home' },
      { id: 'n2', x: 4, y: 0, name: 'Kitchen' },
      { id: 'n3', x: 9, y: 9, name: 'Office' },
      { id: 'n4', x: 8, y: 9, name: 'Office' },
    ],
    paths: [
      { id: 'p1', from: 'n1', to: 'n2', speed: 2 },
      { id: 'p2', from: 'n3', to: 'n4', oneWay: true },
    ],
  });

  it('go by id or by a name that only one node has', () => {
    expect(planner.travelSeconds('Home', 'n2')).toBe(2);
    expect(planner.plan({ from: 'Home', to: 'Kitchen' })?.nodeIds).toEqual(['n1', 'n2']);
    const blocked = { nodeIds: ['Kitchen'], pathIds: [] };
    expect(planner.plan({ from: 'Home', to: 'Kitchen', blocked })).toBeUndefined();
    expect([planner.knows('Kitchen'), planner.knows('Office'), planner.knows('Attic')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(planner.warnings()).toEqual([
      'the map is in 2 parts that no path joins',
      'more than one node is named "Office"',
    ]);
  });

  it('are nothing to stay and a path in the mean between places that the map does not know', () => {
    expect(planner.travelSeconds('Attic', 'Attic')).toBe(0);
    expect(planner.travelSeconds('Attic', 'Cellar')).toBe(1.5);
    expect(planner.travelSeconds('Home', 'Cellar')).toBe(1.5);
  });

  it('are finite, and more than any way, where there is none', () => {
    expect(planner.travelSeconds('n4', 'n3')).toBeGreaterThan(3);
    expect(planner.travelSeconds('n4', 'n3')).toBeLessThan(Infinity);
  });

  it('are the same however many nodes were asked about before', () => {
    const grid = active(gridMap(12));
    const ids = grid.document.nodes.map(({ id }) => id);
    const first = ids.map((id) => grid.travelSeconds(id, 'n5-5'));
    expect(ids.map((id) => grid.travelSeconds(id, 'n5-5'))).toEqual(first);
  });
});
