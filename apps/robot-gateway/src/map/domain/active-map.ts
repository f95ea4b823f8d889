import type { MapDocument } from '@teleop/contracts';
import { ambiguousNames, nodesByName } from './node-names';
import { partsOf } from './parts';
import { compileMap, type RoadGraph } from './road-graph';
import { ShortestPaths } from './shortest-path';
import { travelTimesFrom } from './travel-times';

export interface PlanRequest {
  /** Id of a node, or its name when that is unambiguous. */
  readonly from: string;
  readonly to: string;
  readonly blocked?: { readonly nodeIds: Iterable<string>; readonly pathIds: Iterable<string> };
  /** m/s the robot can do. */
  readonly maxSpeed?: number;
}

export interface Plan {
  /** From the first node to the last. */
  readonly nodeIds: readonly string[];
  /** One fewer than nodes. */
  readonly pathIds: readonly string[];
  readonly lengthM: number;
  readonly etaSeconds: number;
}

/** Nodes whose travel times are kept; 8 bytes for each node of the map, each. */
const KEPT_TIMES = 64;

/** One map version, made ready to plan on. */
export class ActiveMap {
  readonly graph: RoadGraph;
  readonly #nodes: ReadonlyMap<string, number>;
  readonly #paths: ShortestPaths;
  /** By the node they start from, the one used last at the end. */
  readonly #times = new Map<number, Float64Array>();
  /** What a way costs that there is not: more than any that there is, so that orders without it are better. */
  readonly #noWaySeconds: number;

  /** `document` must have passed `checkMap`. */
  constructor(
    readonly mapVersionId: string,
    readonly document: MapDocument,
  ) {
    this.graph = compileMap(document);
    this.#nodes = nodesByName(document.nodes);
    this.#paths = new ShortestPaths(this.graph);
    this.#noWaySeconds = 1 + this.graph.meanSeconds * this.graph.pathIds.length;
  }

  knows(node: string): boolean {
    return this.#nodes.has(node);
  }

  /** Undefined when a node is not on the map, or no way leads there past what is blocked. */
  plan({ from, to, blocked, maxSpeed }: PlanRequest): Plan | undefined {
    const start = this.#nodes.get(from);
    const goal = this.#nodes.get(to);
    if (start === undefined || goal === undefined) return undefined;
    const found = this.#paths.find({
      from: start,
      to: goal,
      blockedNodes: numbers(blocked?.nodeIds, this.#nodes),
      blockedPaths: numbers(blocked?.pathIds, this.graph.pathIndex),
      // A limit of 0 is a robot that must not be driven by hand, not one whose ways take for ever.
      maxSpeed: maxSpeed === undefined || maxSpeed <= 0 ? undefined : maxSpeed,
    });
    if (found === undefined) return undefined;
    return {
      nodeIds: found.nodes.map((node) => this.graph.nodeIds[node]!),
      pathIds: found.paths.map((path) => this.graph.pathIds[path]!),
      lengthM: found.metres,
      etaSeconds: found.seconds,
    };
  }

  /**
   * Seconds without traffic, always finite. Of places the map does not know (a robot has nodes of its own): nothing to stay,
   * a path in the mean to go. The first question about a node searches the whole map, about 5 ms on one of 10,000 nodes.
   */
  travelSeconds(from: string, to: string): number {
    if (from === to) return 0;
    const start = this.#nodes.get(from);
    const goal = this.#nodes.get(to);
    if (start === undefined || goal === undefined) return this.graph.meanSeconds;
    const seconds = this.timesFrom(start)[goal]!;
    return Number.isFinite(seconds) ? seconds : this.#noWaySeconds;
  }

  /** What is allowed and yet looks like a mistake. */
  warnings(): string[] {
    const parts = partsOf(this.graph);
    const { nodes } = this.document;
    return [
      ...(parts > 1 ? [`the map is in ${parts} parts that no path joins`] : []),
      ...ambiguousNames(nodes).map((name) => `more than one node is named ${JSON.stringify(name)}`),
    ];
  }

  private timesFrom(start: number): Float64Array {
    const times = this.#times.get(start) ?? travelTimesFrom(this.graph, start);
    this.#times.delete(start);
    this.#times.set(start, times);
    if (this.#times.size > KEPT_TIMES) {
      const [oldest] = this.#times.keys();
      if (oldest !== undefined) this.#times.delete(oldest);
    }
    return times;
  }
}

/** What of the names the map has; the rest is of another map, and in nobody's way on this one. */
function* numbers(ids: Iterable<string> = [], index: ReadonlyMap<string, number>): Generator<number> {
  for (const id of ids) {
    const number = index.get(id);
    if (number !== undefined) yield number;
  }
}
