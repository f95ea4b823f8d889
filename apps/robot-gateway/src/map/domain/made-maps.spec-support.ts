import type { MapDocument } from '@teleop/contracts';
import fc from 'fast-check';

/** Maps of up to a dozen nodes: one-way and parallel paths, detours, several speeds, now and then in parts. */
export const smallMap: fc.Arbitrary<MapDocument> = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc
    .record({
      name: fc.constant('made'),
      nodes: fc.tuple(
        ...Array.from({ length: size }, (_, index) =>
          fc.record({
            id: fc.constant(`n${index}`),
            x: fc.integer({ min: -5, max: 5 }),
            y: fc.integer({ min: -5, max: 5 }),
          }),
        ),
      ),
      paths: fc
        .array(
          fc.record({
            from: fc.nat(size - 1),
            to: fc.nat(size - 1),
            detour: fc.option(fc.double({ min: 1, max: 3, noNaN: true }), { nil: undefined }),
            speed: fc.option(fc.constantFrom(0.25, 0.5, 1, 2), { nil: undefined }),
            oneWay: fc.boolean(),
          }),
          { maxLength: 30 },
        )
        .map((paths) => paths.filter(({ from, to }) => from !== to)),
      defaultSpeed: fc.option(fc.constantFrom(0.5, 1.5), { nil: undefined }),
    })
    .map(({ nodes, paths, ...map }) => ({
      ...map,
      nodes,
      paths: paths.map(({ from, to, detour, speed, oneWay }, index) => {
        const [a, b] = [nodes[from]!, nodes[to]!];
        return {
          id: `p${index}`,
          from: a.id,
          to: b.id,
          ...(detour === undefined ? {} : { length: detour * Math.hypot(a.x - b.x, a.y - b.y) }),
          ...(speed === undefined ? {} : { speed }),
          oneWay,
        };
      }),
    })),
);

/** A hall of `side` × `side` nodes, a metre apart, each joined to its neighbours; speeds differ from aisle to aisle. */
export function gridMap(side: number): MapDocument {
  const id = (column: number, row: number) => `n${column}-${row}`;
  const cells = Array.from(
    { length: side * side },
    (_, index) => [index % side, Math.floor(index / side)] as const,
  );
  const speed = (lane: number) => 0.5 + (lane % 5) / 4;
  return {
    name: 'grid',
    nodes: cells.map(([column, row]) => ({ id: id(column, row), x: column, y: row })),
    paths: cells.flatMap(([column, row]) => [
      ...(column + 1 < side
        ? [{ id: `e${column}-${row}`, from: id(column, row), to: id(column + 1, row), speed: speed(row) }]
        : []),
      ...(row + 1 < side
        ? [{ id: `s${column}-${row}`, from: id(column, row), to: id(column, row + 1), speed: speed(column) }]
        : []),
    ]),
  };
}
