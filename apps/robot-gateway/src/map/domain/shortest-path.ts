import { IndexedHeap } from './indexed-heap';
import type { RoadGraph } from './road-graph';

export interface PathRequest {
  readonly from: number;
  readonly to: number;
  /** Nodes not to be passed through or stopped at, and paths not to be entered, by number. */
  readonly blockedNodes?: Iterable<number>;
  readonly blockedPaths?: Iterable<number>;
  /** m/s the robot can do; absent: as fast as the paths allow. */
  readonly maxSpeed?: number;
}

export interface FoundPath {
  readonly nodes: readonly number[];
  /** One fewer than nodes. */
  readonly paths: readonly number[];
  readonly metres: number;
  readonly seconds: number;
  /** Nodes that were looked at to find it. */
  readonly visited: number;
}

/**
 * A* over one map: the quickest way, in seconds. Keeps its arrays from search to search, so a search costs what it visits
 * and makes no garbage; one search at a time (they are synchronous).
 *
 * The straight line to the goal, times the least that a metre costs on this map, never overestimates, so what is found is
 * the quickest (Hart, Nilsson, Raphael 1968). The node a robot stands on may be blocked: it must be able to leave.
 */
export class ShortestPaths {
  readonly #heap: IndexedHeap;
  /** Seconds from the start, and the way it was reached by; good where `#stamp` is this search's. */
  readonly #seconds: Float64Array;
  readonly #cameFrom: Int32Array;
  readonly #cameBy: Int32Array;
  readonly #stamp: Uint32Array;
  readonly #nodeBlocked: Uint32Array;
  readonly #pathBlocked: Uint32Array;
  #search = 0;

  constructor(readonly graph: RoadGraph) {
    const nodes = graph.nodeIds.length;
    this.#heap = new IndexedHeap(nodes);
    this.#seconds = new Float64Array(nodes);
    this.#cameFrom = new Int32Array(nodes);
    this.#cameBy = new Int32Array(nodes);
    this.#stamp = new Uint32Array(nodes);
    this.#nodeBlocked = new Uint32Array(nodes);
    this.#pathBlocked = new Uint32Array(graph.pathIds.length);
  }

  /** Undefined when there is no way. */
  find(request: PathRequest): FoundPath | undefined {
    const { from, to } = request;
    if (from === to) return { nodes: [from], paths: [], metres: 0, seconds: 0, visited: 0 };
    this.begin(request);
    const maxSpeed = request.maxSpeed ?? Infinity;
    const perMetre = secondsPerMetre(this.graph, maxSpeed);
    this.#stamp[from] = this.#search;
    this.#seconds[from] = 0;
    this.#heap.offer(from, 0);
    let visited = 0;
    for (let node = this.#heap.take(); node !== -1; node = this.#heap.take()) {
      visited += 1;
      if (node === to) return { ...this.trace(from, to), visited };
      this.expand(node, to, maxSpeed, perMetre);
    }
    return undefined;
  }

  private begin({ blockedNodes = [], blockedPaths = [] }: PathRequest): void {
    this.#search += 1;
    if (this.#search === 0xffff_ffff) {
      for (const stamps of [this.#stamp, this.#nodeBlocked, this.#pathBlocked]) stamps.fill(0);
      this.#search = 1;
    }
    this.#heap.clear();
    for (const node of blockedNodes) this.#nodeBlocked[node] = this.#search;
    for (const path of blockedPaths) this.#pathBlocked[path] = this.#search;
  }

  /** The hot loop: everything it reads is local, and nothing is made. */
  private expand(node: number, goal: number, maxSpeed: number, perMetre: number): void {
    const { firstWay, wayTo, wayPath, length, speed, x, y } = this.graph;
    const search = this.#search;
    const stamp = this.#stamp;
    const seconds = this.#seconds;
    const pathBlocked = this.#pathBlocked;
    const nodeBlocked = this.#nodeBlocked;
    const here = seconds[node]!;
    const end = firstWay[node + 1]!;
    for (let way = firstWay[node]!; way < end; way += 1) {
      const path = wayPath[way]!;
      const next = wayTo[way]!;
      if (pathBlocked[path] === search || nodeBlocked[next] === search) continue;
      const limit = speed[path]!;
      const there = here + length[path]! / (limit < maxSpeed ? limit : maxSpeed);
      if (stamp[next] === search && seconds[next]! <= there) continue;
      stamp[next] = search;
      seconds[next] = there;
      this.#cameFrom[next] = node;
      this.#cameBy[next] = path;
      const dx = x[next]! - x[goal]!;
      const dy = y[next]! - y[goal]!;
      // Not Math.hypot: it guards against overflow, which coordinates in metres do not need, at many times the cost.
      this.#heap.offer(next, there + perMetre * Math.sqrt(dx * dx + dy * dy));
    }
  }

  private trace(from: number, to: number): Omit<FoundPath, 'visited'> {
    const nodes = [to];
    const paths: number[] = [];
    let metres = 0;
    for (let node = to; node !== from; node = this.#cameFrom[node]!) {
      const path = this.#cameBy[node]!;
      paths.push(path);
      metres += this.graph.length[path]!;
      nodes.push(this.#cameFrom[node]!);
    }
    return { nodes: nodes.reverse(), paths: paths.reverse(), metres, seconds: this.#seconds[to]! };
  }
}

/** A slow robot makes every metre dearer, which makes the search narrower. */
function secondsPerMetre(graph: RoadGraph, maxSpeed: number): number {
  return Math.max(graph.leastSecondsPerMetre, graph.leastMetresPerMetre / maxSpeed);
}
