import type { Box } from '../engine';

export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}

/** Non-maximum suppression: of boxes that lie on each other the one with the best score. Best first. */
export function bestOfEach<T extends { readonly box: Box; readonly score: number }>(
  found: readonly T[],
  overlap: number,
): T[] {
  const kept: T[] = [];
  for (const one of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => intersectionOverUnion(one.box, other.box) < overlap)) kept.push(one);
  }
  return kept;
}
