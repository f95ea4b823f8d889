import { IndexedHeap } from './indexed-heap';
import type { RoadGraph } from './road-graph';

/** Seconds from one node to every other at the paths' own speeds; Infinity where there is no way (Dijkstra 1959). */
export function travelTimesFrom(graph: RoadGraph, from: number): Float64Array {
  const { firstWay, wayTo, wayPath, length, speed } = graph;
  const seconds = new Float64Array(graph.nodeIds.length).fill(Infinity);
  const heap = new IndexedHeap(graph.nodeIds.length);
  seconds[from] = 0;
  heap.offer(from, 0);
  for (let node = heap.take(); node !== -1; node = heap.take()) {
    for (let way = firstWay[node]!; way < firstWay[node + 1]!; way += 1) {
      const path = wayPath[way]!;
      const next = wayTo[way]!;
      const there = seconds[node]! + length[path]! / speed[path]!;
      if (there >= seconds[next]!) continue;
      seconds[next] = there;
      heap.offer(next, there);
    }
  }
  return seconds;
}
