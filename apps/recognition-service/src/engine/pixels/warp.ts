import type { Frame } from '../engine';
import { invert, scaleOf, type Similarity } from '../geometry/similarity';
import { lineSampler, type Crop } from './line-sampler';
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
  const crop = cropOf(offset, side, toCrop, range);
  if (lineSampler?.take(planes, frame, crop) !== true) takeAnywhere(planes, frame, crop);
}

export function cropOf(offset: number, side: number, toCrop: Similarity, range: PixelRange): Crop {
  const toFrame = invert(toCrop);
  const samples = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(scaleOf(toFrame))));
  const [r, g, b] = planeOffsets(range, side * side);
  return { side, toFrame, samples, offsets: [r + offset, g + offset, b + offset], range };
}

/** Sample by sample, in doubles. Beyond the frame there is nothing. */
export function takeAnywhere(planes: Float32Array, frame: Frame, crop: Crop): void {
  const { side, toFrame: back, samples, offsets, range } = crop;
  const [toR, toG, toB] = offsets;
  const { scale, mean } = range;
  const k = scale / (samples * samples);
  const sum = new Float64Array(3);
  for (let y = 0, out = 0; y < side; y++) {
    for (let x = 0; x < side; x++, out++) {
      sum.fill(0);
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          const u = x + (i + 0.5) / samples;
          const v = y + (j + 0.5) / samples;
          const px = back.a * u - back.b * v + back.tx - 0.5;
          const py = back.b * u + back.a * v + back.ty - 0.5;
          addAnywhere(sum, frame, px, py);
        }
      }
      planes[toR + out] = sum[0]! * k - mean[0] * scale;
      planes[toG + out] = sum[1]! * k - mean[1] * scale;
      planes[toB + out] = sum[2]! * k - mean[2] * scale;
    }
  }
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
