import type { Frame } from '../engine';
import { apply, invert, scaleOf, type Similarity } from '../geometry/similarity';
import { planeOffsets, type PixelRange } from './planes';

/** More would only be met by a face that fills a photograph of 30 megapixels. */
const MOST_SAMPLES = 8;
/** From this many samples across a pixel the mean of the nearest pixels says as much as the mean of interpolated ones. */
const NEAREST_FROM = 3;
/** Coordinates in 65,536ths of a pixel, weights of neighbours in 64ths: whole numbers take half the time of doubles. */
const FRACTION_BITS = 16;
const UNIT = 1 << FRACTION_BITS;
const WEIGHT_BITS = 6;
const WEIGHT = 1 << WEIGHT_BITS;

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
  const samples = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(scaleOf(back))));
  const offsets = planeOffsets(range, side * side);
  const at = [offsets[0] + offset, offsets[1] + offset, offsets[2] + offset] as const;
  const within = liesWithin(frame, side, back) && Math.max(frame.width, frame.height) < MOST_FIXED;
  const take = within ? takeWithin : takeAnywhere;
  take(planes, at, side, frame, back, samples, range);
}

/** Larger coordinates do not fit 32 bits. */
const MOST_FIXED = 1 << (31 - FRACTION_BITS);

type Take = (
  planes: Float32Array,
  at: readonly [number, number, number],
  side: number,
  frame: Frame,
  back: Similarity,
  samples: number,
  range: PixelRange,
) => void;

/** Of a line of the crop, in 65,536ths: where its first sample lies, and how far it is from one sample to the next. */
function lineOf({ a, b, tx, ty }: Similarity, samples: number, y: number) {
  const step = 1 / samples;
  return {
    x: Math.round((a * (step / 2) - b * (y + step / 2) + tx) * UNIT),
    y: Math.round((b * (step / 2) + a * (y + step / 2) + ty) * UNIT),
    across: Math.round(a * step * UNIT),
    down: Math.round(b * step * UNIT),
  };
}

/** The four pixels around each sample, or the one at it where many make a pixel. One loop without calls: it is much of what a face costs beside the models. */
const takeWithin: Take = (planes, [toR, toG, toB], side, { rgb, width }, back, samples, { scale, mean }) => {
  const nearest = samples >= NEAREST_FROM;
  const k = scale / (samples * samples * (nearest ? 1 : WEIGHT * WEIGHT));
  const [mr, mg, mb] = [mean[0] * scale, mean[1] * scale, mean[2] * scale];
  const line = width * 3;
  const shift = FRACTION_BITS - WEIGHT_BITS;
  for (let y = 0, out = 0; y < side; y++) {
    const first = lineOf(back, samples, y);
    const { across, down } = first;
    // Pixel centres lie at halves.
    const centre = nearest ? 0 : UNIT / 2;
    let [startX, startY] = [first.x - centre, first.y - centre];
    for (let x = 0; x < side; x++, out++) {
      let [r, g, b] = [0, 0, 0];
      for (let j = 0; j < samples; j++) {
        let px = (startX - j * down) | 0;
        let py = (startY + j * across) | 0;
        for (let i = 0; i < samples; i++) {
          const upper = ((py >> FRACTION_BITS) * line + (px >> FRACTION_BITS) * 3) | 0;
          if (nearest) {
            r = (r + rgb[upper]!) | 0;
            g = (g + rgb[upper + 1]!) | 0;
            b = (b + rgb[upper + 2]!) | 0;
          } else {
            const fx = (px >> shift) & (WEIGHT - 1);
            const fy = (py >> shift) & (WEIGHT - 1);
            const se = (fx * fy) | 0;
            const sw = (fy * WEIGHT - se) | 0;
            const ne = (fx * WEIGHT - se) | 0;
            const nw = (WEIGHT * WEIGHT - se - sw - ne) | 0;
            const lower = (upper + line) | 0;
            r = (r + nw * rgb[upper]! + ne * rgb[upper + 3]! + sw * rgb[lower]! + se * rgb[lower + 3]!) | 0;
            g =
              (g +
                nw * rgb[upper + 1]! +
                ne * rgb[upper + 4]! +
                sw * rgb[lower + 1]! +
                se * rgb[lower + 4]!) |
              0;
            b =
              (b +
                nw * rgb[upper + 2]! +
                ne * rgb[upper + 5]! +
                sw * rgb[lower + 2]! +
                se * rgb[lower + 5]!) |
              0;
          }
          px = (px + across) | 0;
          py = (py + down) | 0;
        }
      }
      startX = (startX + across * samples) | 0;
      startY = (startY + down * samples) | 0;
      planes[toR + out] = r * k - mr;
      planes[toG + out] = g * k - mg;
      planes[toB + out] = b * k - mb;
    }
  }
};

/** Beyond the frame there is nothing. */
const takeAnywhere: Take = (planes, [toR, toG, toB], side, frame, back, samples, range) => {
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
};

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
