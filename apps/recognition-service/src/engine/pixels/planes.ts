/** What a network wants of a pixel: (value − mean) · scale a channel, red, green, blue; `bgr`: blue first. */
export interface PixelRange {
  readonly mean: readonly [number, number, number];
  readonly scale: number;
  readonly bgr?: boolean;
}

/** Where in the planes red, green and blue go. */
export function planeOffsets(range: PixelRange, size: number): readonly [number, number, number] {
  return range.bgr === true ? [2 * size, size, 0] : [0, size, 2 * size];
}
