import type { Frame } from '../engine';
import { planeOffsets, type PixelRange } from './planes';

/**
 * The frame at `scale`, its top left corner in that of planes of `width` × `height`; the rest stays as it was. Each pixel is the
 * mean of a square of the frame's pixels as wide as the frame is shrunk: small faces do not break up as they would by picking
 * single pixels, and every pixel of the frame is read about once.
 */
export function shrinkInto(
  planes: Float32Array,
  width: number,
  height: number,
  frame: Frame,
  scale: number,
  range: PixelRange,
): void {
  const { rgb, width: fw, height: fh } = frame;
  const across = Math.min(width, Math.round(fw * scale));
  const down = Math.min(height, Math.round(fh * scale));
  const side = Math.max(1, Math.min(fw, fh, Math.round(1 / scale)));
  const columns = starts(across, scale, side, fw);
  const rows = starts(down, scale, side, fh);
  const [r, g, b] = planeOffsets(range, width * height);
  const [mr, mg, mb] = range.mean;
  const k = range.scale / (side * side);
  const stride = fw * 3;
  for (let y = 0; y < down; y++) {
    const row = (rows[y] as number) * stride;
    let out = y * width;
    for (let x = 0; x < across; x++, out++) {
      const left = row + (columns[x] as number) * 3;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let line = left, j = 0; j < side; j++, line += stride) {
        for (let at = line, end = line + side * 3; at < end; at += 3) {
          red += rgb[at] as number;
          green += rgb[at + 1] as number;
          blue += rgb[at + 2] as number;
        }
      }
      planes[r + out] = red * k - mr * range.scale;
      planes[g + out] = green * k - mg * range.scale;
      planes[b + out] = blue * k - mb * range.scale;
    }
  }
}

/** First pixel of the square whose middle is the middle of each pixel. */
function starts(count: number, scale: number, side: number, length: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) =>
    Math.max(0, Math.min(length - side, Math.round((i + 0.5) / scale - side / 2))),
  );
}
