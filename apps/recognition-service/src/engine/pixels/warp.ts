import type { Frame } from '../engine';
import { invert, scaleOf, type Similarity } from '../geometry/similarity';
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
  const step = 1 / samples;
  const k = range.scale / (samples * samples);
  const [r, g, b] = planeOffsets(range, side * side);
  const [mr, mg, mb] = range.mean;
  const sum = new Float64Array(3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      sum.fill(0);
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          // Pixel centres lie at halves.
          const u = x + (i + 0.5) * step;
          const v = y + (j + 0.5) * step;
          addSample(
            sum,
            frame,
            back.a * u - back.b * v + back.tx - 0.5,
            back.b * u + back.a * v + back.ty - 0.5,
          );
        }
      }
      const at = offset + y * side + x;
      planes[r + at] = (sum[0] as number) * k - mr * range.scale;
      planes[g + at] = (sum[1] as number) * k - mg * range.scale;
      planes[b + at] = (sum[2] as number) * k - mb * range.scale;
    }
  }
}

function addSample(sum: Float64Array, { rgb, width, height }: Frame, x: number, y: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) return;
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
      sum[0] = (sum[0] as number) + weight * (rgb[at] as number);
      sum[1] = (sum[1] as number) + weight * (rgb[at + 1] as number);
      sum[2] = (sum[2] as number) + weight * (rgb[at + 2] as number);
    }
  }
}
