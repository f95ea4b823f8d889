import type { RoadGraph } from './road-graph';

/** How many parts of the map no path joins, whichever way it may be driven. 1: it is connected. */
export function partsOf(graph: RoadGraph): number {
  const nodes = graph.nodeIds.length;
  const parent = Int32Array.from({ length: nodes }, (_, node) => node);
  const rootOf = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  let parts = nodes;
  for (let node = 0; node < nodes; node += 1) {
    for (let way = graph.firstWay[node]!; way < graph.firstWay[node + 1]!; way += 1) {
      const [a, b] = [rootOf(node), rootOf(graph.wayTo[way]!)];
      if (a === b) continue;
      parent[a] = b;
      parts -= 1;
    }
  }
  return parts;
}
