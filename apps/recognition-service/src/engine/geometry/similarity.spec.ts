import fc from 'fast-check';
import { apply, fitSimilarity, invert, scaleOf, type Point, type Similarity } from './similarity';

const coordinate = fc.double({ min: -2_000, max: 2_000, noNaN: true });
const point = fc.tuple(coordinate, coordinate);
const similarity = fc
  .record({
    turn: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
    tx: coordinate,
    ty: coordinate,
  })
  .map(({ turn, scale, tx, ty }): Similarity => ({
    a: scale * Math.cos(turn),
    b: scale * Math.sin(turn),
    tx,
    ty,
  }));

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}

/** Points that lie apart: those in one place say nothing. */
const spread = fc
  .array(point, { minLength: 2, maxLength: 6 })
  .filter((points) => points.some((one) => distance(one, points[0] as Point) > 1));

describe('alignment of points', () => {
  it('finds the turn, scale and place that points were moved by', () => {
    fc.assert(
      fc.property(spread, similarity, (points, moved) => {
        const found = fitSimilarity(
          points,
          points.map((one) => apply(moved, one)),
        );
        if (found === null) throw new Error('not found');
        const tolerance = 1e-6 * (1 + scaleOf(moved)) * 4_000;
        for (const one of points)
          expect(distance(apply(found, one), apply(moved, one))).toBeLessThan(tolerance);
      }),
    );
  });

  it('leaves no nearer similarity: a small change of any part is farther away', () => {
    fc.assert(
      fc.property(spread, fc.array(point, { minLength: 6, maxLength: 6 }), (from, targets) => {
        const to = targets.slice(0, from.length);
        const best = fitSimilarity(from, to);
        fc.pre(best !== null);
        const error = (fit: Similarity): number =>
          from.reduce((sum, one, i) => sum + distance(apply(fit, one), to[i] as Point) ** 2, 0);
        const least = error(best);
        for (const part of ['a', 'b', 'tx', 'ty'] as const) {
          for (const change of [-0.01, 0.01]) {
            const other = { ...best, [part]: best[part] + change };
            expect(error(other)).toBeGreaterThanOrEqual(least - 1e-6 * (1 + least));
          }
        }
      }),
    );
  });

  it('can be undone', () => {
    fc.assert(
      fc.property(similarity, point, (fit, one) => {
        expect(distance(apply(invert(fit), apply(fit, one)), one)).toBeLessThan(
          1e-6 * (1 + 1 / scaleOf(fit)) * 1e4,
        );
      }),
    );
  });

  it('does not follow points that all lie in one place', () => {
    const same: Point[] = [
      [5, 5],
      [5, 5],
      [5, 5],
    ];
    expect(
      fitSimilarity(same, [
        [0, 0],
        [1, 0],
        [0, 1],
      ]),
    ).toBeNull();
  });
});
