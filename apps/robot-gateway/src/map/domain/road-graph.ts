import type { MapDocument } from '@teleop/contracts';

/** m/s on a path that names no speed, of a map that names no default. */
export const DEFAULT_SPEED = 1;

/**
 * A map as searches want it: nodes and paths by number, the ways out of each node side by side in typed arrays. A two-way
 * path is two ways.
 */
export interface RoadGraph {
  readonly nodeIds: readonly string[];
  readonly pathIds: readonly string[];
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly pathIndex: ReadonlyMap<string, number>;
  /** Metres. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Ways out of node n: firstWay[n] to firstWay[n + 1], exclusive. */
  readonly firstWay: Int32Array;
  readonly wayTo: Int32Array;
  readonly wayPath: Int32Array;
  /** Metres and m/s by path. */
  readonly length: Float64Array;
  readonly speed: Float64Array;
  /**
   * The least a metre as the crow flies can cost anywhere on this map: in seconds at the paths' own speeds, and in metres of
   * path. Straight lines times these never overestimate, whatever the lengths are: what A* needs to be right.
   */
  readonly leastSecondsPerMetre: number;
  readonly leastMetresPerMetre: number;
  /** Seconds of a path in the mean; 1 without paths. */
  readonly meanSeconds: number;
}

/** `map` must have passed `checkMap`. */
export function compileMap(map: MapDocument): RoadGraph {
  const nodeIndex = new Map(map.nodes.map(({ id }, index) => [id, index]));
  const at = (id: string): number => {
    const index = nodeIndex.get(id);
    if (index === undefined) throw new RangeError(`the map has no node ${id}`);
    return index;
  };
  const ends = map.paths.map(({ from, to }) => ({ from: at(from), to: at(to) }));
  const x = Float64Array.from(map.nodes, (node) => node.x);
  const y = Float64Array.from(map.nodes, (node) => node.y);
  const straight = ends.map(({ from, to }) => Math.hypot(x[from]! - x[to]!, y[from]! - y[to]!));
  const length = Float64Array.from(map.paths, (path, index) => path.length ?? straight[index]!);
  const speed = Float64Array.from(map.paths, (path) => path.speed ?? map.defaultSpeed ?? DEFAULT_SPEED);
  const seconds = Array.from(length, (metres, index) => metres / speed[index]!);
  return {
    nodeIds: map.nodes.map(({ id }) => id),
    pathIds: map.paths.map(({ id }) => id),
    nodeIndex,
    pathIndex: new Map(map.paths.map(({ id }, index) => [id, index])),
    x,
    y,
    length,
    speed,
    ...waysOf(map, ends),
    leastSecondsPerMetre: leastPerMetre(seconds, straight),
    leastMetresPerMetre: leastPerMetre(length, straight),
    meanSeconds: seconds.length === 0 ? 1 : seconds.reduce((sum, value) => sum + value, 0) / seconds.length,
  };
}

function waysOf(map: MapDocument, ends: readonly { from: number; to: number }[]) {
  const firstWay = new Int32Array(map.nodes.length + 1);
  const each = (visit: (from: number, to: number, path: number) => void) => {
    for (const [index, { from, to }] of ends.entries()) {
      visit(from, to, index);
      if (map.paths[index]?.oneWay !== true) visit(to, from, index);
    }
  };
  each((from) => void (firstWay[from + 1]! += 1));
  for (let node = 0; node < map.nodes.length; node += 1) firstWay[node + 1]! += firstWay[node]!;
  const next = firstWay.slice();
  const wayTo = new Int32Array(firstWay[map.nodes.length]!);
  const wayPath = new Int32Array(wayTo.length);
  each((from, to, path) => {
    const way = next[from]!;
    next[from]! += 1;
    wayTo[way] = to;
    wayPath[way] = path;
  });
  return { firstWay, wayTo, wayPath };
}

/** A hair less than the least ratio, so that rounding never makes a straight line dearer than the way. */
function leastPerMetre(costs: ArrayLike<number>, straight: readonly number[]): number {
  let least = Infinity;
  for (const [index, metres] of straight.entries()) {
    if (metres > 0) least = Math.min(least, costs[index]! / metres);
  }
  return Number.isFinite(least) ? least * (1 - 1e-9) : 0;
}
