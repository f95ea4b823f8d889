import type { Frame } from '../engine';
import { apply, invert, scaleOf, type Similarity } from '../geometry/similarity';
import { planeOffsets, type PixelRange } from './planes';

/** More would only be met by a face that fills a photograph of 30 megapixels. */
const MOST_SAMPLES = 8;

/**
 * A square of the frame as `toCrop` puts it, as planes at `offset` of `planes`. Bilinear; where the crop is smaller than what it
 * shows, the mean of several samples a pixel, so that it does not alias. Beyond the frame: black.
 */
export function warpInto(
  planes: Float32Array,
  offset: number,
  side: number,
  frame: Frame,
  toCrop: Similarity,
  range: PixelRange,
): void {
  const back = invert(toCrop);
  const samples = Math.max(1, Math.min(MOST_SAMPLES, Math.round(scaleOf(back))));
  const add = liesWithin(frame, side, back) ? addWithin : addAnywhere;
  const k = range.scale / (samples * samples);
  const offsets = planeOffsets(range, side * side);
  const [r, g, b] = [offsets[0] + offset, offsets[1] + offset, offsets[2] + offset];
  const { scale } = range;
  const [mr, mg, mb] = [range.mean[0] * scale, range.mean[1] * scale, range.mean[2] * scale];
  const sum = new Float64Array(3);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      sum[0] = sum[1] = sum[2] = 0;
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          // Pixel centres lie at halves.
          const u = x + (i + 0.5) / samples;
          const v = y + (j + 0.5) / samples;
          add(sum, frame, back.a * u - back.b * v + back.tx - 0.5, back.b * u + back.a * v + back.ty - 0.5);
        }
      }
      planes[r + at] = sum[0] * k - mr;
      planes[g + at] = sum[1] * k - mg;
      planes[b + at] = sum[2] * k - mb;
    }
  }
}

/** Whether no sample of the crop has a neighbour beyond the frame. */
function liesWithin({ width, height }: Frame, side: number, back: Similarity): boolean {
  const corners = [
    apply(back, [0, 0]),
    apply(back, [side, 0]),
    apply(back, [0, side]),
    apply(back, [side, side]),
  ];
  return corners.every(([x, y]) => x >= 1 && y >= 1 && x < width - 1 && y < height - 1);
}

function addWithin(sum: Float64Array, { rgb, width }: Frame, x: number, y: number): void {
  const left = x | 0;
  const top = y | 0;
  const fx = x - left;
  const fy = y - top;
  const se = fx * fy;
  const sw = fy - se;
  const ne = fx - se;
  const nw = 1 - fx - sw;
  const at = (top * width + left) * 3;
  const below = at + width * 3;
  sum[0]! += nw * rgb[at]! + ne * rgb[at + 3]! + sw * rgb[below]! + se * rgb[below + 3]!;
  sum[1]! += nw * rgb[at + 1]! + ne * rgb[at + 4]! + sw * rgb[below + 1]! + se * rgb[below + 4]!;
  sum[2]! += nw * rgb[at + 2]! + ne * rgb[at + 5]! + sw * rgb[below + 2]! + se * rgb[below + 5]!;
}

function addAnywhere(sum: Float64Array, { rgb, width, height }: Frame, x: number, y: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  for (let j = 0; j < 2; j++) {
    const row = top + j;
    if (row < 0 || row >= height) continue;
    const wy = j === 0 ? 1 - fy : fy;
    for (let i = 0; i < 2; i++) {
      const column = left + i;
      if (column < 0 || column >= width) continue;
      const weight = wy * (i === 0 ? 1 - fx : fx);
      const at = (row * width + column) * 3;
      sum[0]! += weight * rgb[at]!;
      sum[1]! += weight * rgb[at + 1]!;
      sum[2]! += weight * rgb[at + 2]!;
    }
  }
}
