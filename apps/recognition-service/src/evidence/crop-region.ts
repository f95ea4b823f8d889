import type { Box } from '../engine/engine';

export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * What of a picture shows a face: its box and `margin` pixels around it, at least `min` wide and high, moved inside the
 * picture. Smaller than `min` only where the picture itself is.
 */
export function cropRegion(
  box: Box,
  picture: { readonly width: number; readonly height: number },
  { margin, min }: { readonly margin: number; readonly min: number },
): Region {
  const across = span(box.x, box.width, picture.width, margin, min);
  const down = span(box.y, box.height, picture.height, margin, min);
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

function span(
  start: number,
  length: number,
  limit: number,
  margin: number,
  min: number,
): { start: number; length: number } {
  // A box may reach beyond the picture: what is outside shows nothing.
  const from = Math.max(0, Math.floor(start - margin));
  const to = Math.min(limit, Math.ceil(start + length + margin));
  const wanted = Math.min(limit, Math.max(min, to - from));
  const centred = Math.floor((from + to - wanted) / 2);
  return { start: Math.max(0, Math.min(centred, limit - wanted)), length: wanted };
}
