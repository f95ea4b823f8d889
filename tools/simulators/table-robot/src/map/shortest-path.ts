import type { RoadMap } from './robot-map';

export interface ShortestPath {
  readonly nodes: readonly string[];
  /** Seconds at the robot's speed and the paths' limits. */
  readonly seconds: number;
}

/** Dijkstra by driving time; undefined when there is no way. */
export function shortestPath(
  map: RoadMap,
  from: string,
  to: string,
  speed: number,
): ShortestPath | undefined {
  const seconds = new Map<string, number>([[from, 0]]);
  const cameFrom = new Map<string, string>();
  const settled = new Set<string>();
  const open = new Heap();
  open.push(from, 0);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (settled.has(id)) continue;
    settled.add(id);
    const here = seconds.get(id)!;
    if (id === to) return { nodes: trace(cameFrom, from, to), seconds: here };
    for (const edge of map.edges(id)) {
      const there = here + edge.lengthM / Math.min(speed, edge.maxSpeed);
      if (there >= (seconds.get(edge.to.id) ?? Infinity)) continue;
      seconds.set(edge.to.id, there);
      cameFrom.set(edge.to.id, id);
      open.push(edge.to.id, there);
    }
  }
  return undefined;
}

function trace(cameFrom: ReadonlyMap<string, string>, from: string, to: string): string[] {
  const nodes = [to];
  for (let id = to; id !== from; nodes.push(id)) id = cameFrom.get(id)!;
  return nodes.reverse();
}

/** A binary heap of node ids by cost; maps of 10,000 nodes are driven on too. */
class Heap {
  readonly #ids: string[] = [];
  readonly #costs: number[] = [];

  push(id: string, cost: number): void {
    let at = this.#ids.length;
    this.#ids.push(id);
    this.#costs.push(cost);
    for (let up = (at - 1) >> 1; at > 0 && this.#costs[up]! > this.#costs[at]!; up = (at - 1) >> 1) {
      this.swap(at, up);
      at = up;
    }
  }

  pop(): string | undefined {
    const top = this.#ids[0];
    const [lastId, lastCost] = [this.#ids.pop(), this.#costs.pop()];
    if (this.#ids.length === 0) return top;
    [this.#ids[0], this.#costs[0]] = [lastId!, lastCost!];
    this.sink();
    return top;
  }

  private sink(): void {
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#costs.length && this.#costs[child]! < this.#costs[least]!) least = child;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    [this.#ids[a], this.#ids[b]] = [this.#ids[b]!, this.#ids[a]!];
    [this.#costs[a], this.#costs[b]] = [this.#costs[b]!, this.#costs[a]!];
  }
}
