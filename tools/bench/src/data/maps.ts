import { randomFrom } from './random';

export interface BenchMap {
  readonly name: string;
  readonly nodes: readonly { id: string; x: number; y: number }[];
  readonly paths: readonly {
    id: string;
    from: string;
    to: string;
    length: number;
    speed: number;
    oneWay: boolean;
  }[];
}

export interface Trip {
  readonly from: string;
  readonly to: string;
}

/**
 * A building of `side` × `side` places about 2 m apart, not in straight rows: aisles of different speeds, detours, every
 * tenth aisle one-way, every twentieth closed. What made maps usually lack, and what makes the straight line a poor guess.
 */
export function buildingMap(side: number): BenchMap {
  const random = randomFrom(side);
  const nodes = Array.from({ length: side * side }, (_, index) => ({
    id: `n${index}`,
    x: (index % side) * 2 + random(),
    y: Math.floor(index / side) * 2 + random(),
  }));
  const paths: BenchMap['paths'][number][] = [];
  const join = (a: number, b: number) => {
    const kind = random();
    if (kind < 0.05) return;
    const [one, two] = [nodes[a]!, nodes[b]!];
    const straight = Math.hypot(one.x - two.x, one.y - two.y);
    paths.push({
      id: `p${paths.length}`,
      from: one.id,
      to: two.id,
      length: straight * (1 + random() * 0.5),
      speed: 0.5 + Math.floor(random() * 4) / 2,
      oneWay: kind < 0.15,
    });
  };
  for (let index = 0; index < nodes.length; index += 1) {
    if ((index + 1) % side !== 0) join(index, index + 1);
    if (index + side < nodes.length) join(index, index + side);
  }
  return { name: 'building', nodes, paths };
}

/** Trips between any two places, the first from corner to corner. */
export function tripsOn(map: BenchMap, count: number): Trip[] {
  const random = randomFrom(count);
  const any = () => map.nodes[Math.floor(random() * map.nodes.length)]!.id;
  const corners = { from: map.nodes[0]!.id, to: map.nodes.at(-1)!.id };
  return [corners, ...Array.from({ length: count - 1 }, () => ({ from: any(), to: any() }))];
}
