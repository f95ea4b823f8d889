export interface Point {
  /** Metres. */
  readonly x: number;
  readonly y: number;
}

export interface MapNode extends Point {
  readonly id: string;
}

export interface MapPath {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Metres; the distance of its ends when left out. */
  readonly length?: number;
  /** Highest speed on it, m/s; the robot's own when left out. */
  readonly speed?: number;
  readonly oneWay?: boolean;
}

/** A map as robot-gateway's JSON has it. */
export interface RobotMap {
  readonly name: string;
  readonly nodes: readonly MapNode[];
  readonly paths: readonly MapPath[];
}

/** One way out of a node. */
export interface Edge {
  readonly pathId: string;
  readonly to: MapNode;
  readonly lengthM: number;
  readonly maxSpeed: number;
  readonly oneWay: boolean;
}

export class BadMapError extends Error {}

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** A map made ready for driving: nodes by id, and the ways out of each. */
export class RoadMap {
  readonly #nodes = new Map<string, MapNode>();
  readonly #edges = new Map<string, Edge[]>();

  /** Throws `BadMapError` that names the place when the map makes no sense. */
  constructor(readonly map: RobotMap) {
    for (const [index, node] of map.nodes.entries()) this.addNode(node, `nodes[${index}]`);
    if (this.#nodes.size === 0) throw new BadMapError('nodes: a map needs at least one');
    for (const [index, path] of map.paths.entries()) this.addPath(path, `paths[${index}]`);
  }

  get nodeIds(): string[] {
    return [...this.#nodes.keys()];
  }

  node(id: string): MapNode | undefined {
    return this.#nodes.get(id);
  }

  edges(id: string): readonly Edge[] {
    return this.#edges.get(id) ?? [];
  }

  edge(from: string, to: string): Edge | undefined {
    return this.edges(from).find((edge) => edge.to.id === to);
  }

  nearest(point: Point): MapNode {
    let best: MapNode | undefined;
    let least = Infinity;
    for (const node of this.#nodes.values()) {
      const away = distance(point, node);
      if (away < least) [best, least] = [node, away];
    }
    return best!; // a map has a node
  }

  private addNode(node: MapNode, at: string): void {
    if (typeof node?.id !== 'string' || node.id === '') throw new BadMapError(`${at}.id must be a text`);
    if (!Number.isFinite(node.x) || !Number.isFinite(node.y))
      throw new BadMapError(`${at}: x and y must be numbers (metres)`);
    if (this.#nodes.has(node.id)) throw new BadMapError(`${at}.id: ${node.id} is there twice`);
    this.#nodes.set(node.id, node);
    this.#edges.set(node.id, []);
  }

  private addPath(path: MapPath, at: string): void {
    const from = this.#nodes.get(path?.from);
    const to = this.#nodes.get(path?.to);
    if (from === undefined) throw new BadMapError(`${at}.from: no such node`);
    if (to === undefined) throw new BadMapError(`${at}.to: no such node`);
    for (const field of ['length', 'speed'] as const) {
      const value = path[field];
      if (value !== undefined && !(Number.isFinite(value) && value > 0))
        throw new BadMapError(`${at}.${field} must be above 0`);
    }
    const shared = {
      pathId: path.id,
      lengthM: path.length ?? distance(from, to),
      maxSpeed: path.speed ?? Infinity,
      oneWay: path.oneWay ?? false,
    };
    this.#edges.get(from.id)!.push({ ...shared, to });
    if (!shared.oneWay) this.#edges.get(to.id)!.push({ ...shared, to: from });
  }
}

/** Reads a map's JSON text. Throws `BadMapError`. */
export function parseMap(text: string): RoadMap {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadMapError(`not JSON: ${(error as Error).message}`, { cause: error });
  }
  const map = value as Partial<RobotMap> | null;
  if (!Array.isArray(map?.nodes)) throw new BadMapError('nodes must be a list');
  if (!Array.isArray(map.paths)) throw new BadMapError('paths must be a list');
  return new RoadMap({ name: map.name ?? 'map', nodes: map.nodes, paths: map.paths });
}
