import { buildingMap, tripsOn, type BenchMap, type Trip } from '../data/maps';
import { timedTrips, type PathRound } from '../load/timed-trips';
import { serve } from '../workers/serve';

/*
 * Dijkstra as a textbook has it: neighbours in a Map of arrays, a binary heap of [seconds, node] pairs that may hold a node
 * twice, stopped when the goal comes out of it.
 */

type Entry = readonly [seconds: number, node: string];

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]![0] <= entry[0]) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || last === undefined) return first;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && heap[child + 1]![0] < heap[child]![0]) child += 1;
    if (heap[child]![0] >= last[0]) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}

type Neighbours = ReadonlyMap<string, readonly { to: string; seconds: number }[]>;

function neighboursOf(map: BenchMap): Neighbours {
  const neighbours = new Map<string, { to: string; seconds: number }[]>(map.nodes.map(({ id }) => [id, []]));
  for (const { from, to, length, speed, oneWay } of map.paths) {
    neighbours.get(from)!.push({ to, seconds: length / speed });
    if (!oneWay) neighbours.get(to)!.push({ to: from, seconds: length / speed });
  }
  return neighbours;
}

function plan(neighbours: Neighbours, { from, to }: Trip): number | undefined {
  const done = new Set<string>();
  const cameFrom = new Map<string, string>();
  const best = new Map([[from, 0]]);
  const heap: Entry[] = [[0, from]];
  for (let entry = pop(heap); entry !== undefined; entry = pop(heap)) {
    const [seconds, node] = entry;
    if (node === to) {
      const path = [to];
      for (let at = cameFrom.get(to); at !== undefined; at = cameFrom.get(at)) path.push(at);
      return path.reverse()[0] === from ? seconds : undefined;
    }
    if (done.has(node)) continue;
    done.add(node);
    for (const way of neighbours.get(node)!) {
      const there = seconds + way.seconds;
      if (there >= (best.get(way.to) ?? Infinity)) continue;
      best.set(way.to, there);
      cameFrom.set(way.to, node);
      push(heap, [there, way.to]);
    }
  }
  return undefined;
}

let neighbours: Neighbours | undefined;
serve({
  run: ({ side, trips }: PathRound) => {
    const map = buildingMap(side);
    const ready = (neighbours ??= neighboursOf(map));
    return timedTrips(tripsOn(map, trips), (trip) => plan(ready, trip));
  },
});
