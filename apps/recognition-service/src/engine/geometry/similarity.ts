export type Point = readonly [number, number];

/** x' = a·x − b·y + tx, y' = b·x + a·y + ty: turning, one scale and moving; no mirror, no shear. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/**
 * The similarity that brings `from` nearest to `to` (least squares; Umeyama 1991 in two dimensions without reflection). Null where
 * the points do not say: all of them in one place.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity | null {
  const n = Math.min(from.length, to.length);
  const [fx, fy] = centre(from, n);
  const [gx, gy] = centre(to, n);
  let spread = 0;
  let along = 0;
  let across = 0;
  for (let i = 0; i < n; i++) {
    const [px, py] = from[i] ?? [0, 0];
    const [qx, qy] = to[i] ?? [0, 0];
    const [x, y, u, v] = [px - fx, py - fy, qx - gx, qy - gy];
    spread += x * x + y * y;
    along += x * u + y * v;
    across += x * v - y * u;
  }
  if (!(spread > 1e-9)) return null;
  const a = along / spread;
  const b = across / spread;
  if (!(a * a + b * b > 1e-12)) return null;
  return { a, b, tx: gx - a * fx + b * fy, ty: gy - b * fx - a * fy };
}

export function apply({ a, b, tx, ty }: Similarity, [x, y]: Point): Point {
  return [a * x - b * y + tx, b * x + a * y + ty];
}

export function invert({ a, b, tx, ty }: Similarity): Similarity {
  const size = a * a + b * b;
  const [ia, ib] = [a / size, -b / size];
  return { a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty) };
}

export function scaleOf({ a, b }: Similarity): number {
  return Math.hypot(a, b);
}

function centre(points: readonly Point[], n: number): Point {
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += points[i]?.[0] ?? 0;
    y += points[i]?.[1] ?? 0;
  }
  return [x / n, y / n];
}
