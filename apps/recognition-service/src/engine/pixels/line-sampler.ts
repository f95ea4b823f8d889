import { instantiate, isSupported } from '@teleop/wasm';
import type { Frame } from '../engine';
import { apply, type Similarity } from '../geometry/similarity';
import type { PixelRange } from './planes';
import { FRACTION_BITS, READS_BEYOND, SAMPLE_LINE, WHOLE } from './sample-line.wasm';

/** A square that is taken out of a frame. */
export interface Crop {
  /** Pixels. */
  readonly side: number;
  /** From its points to the frame's. */
  readonly toFrame: Similarity;
  /** Across one of its pixels, and down. */
  readonly samples: number;
  /** Where in the planes red, green and blue begin. */
  readonly offsets: readonly [number, number, number];
  readonly range: PixelRange;
}

/** From this many samples across a pixel the mean of the nearest pixels says as much as the mean of interpolated ones. */
const NEAREST_FROM = 3;
const UNIT = 2 ** FRACTION_BITS;
/** Pixels; farther coordinates do not fit 32 bits. */
const MOST_ACROSS = 2 ** (31 - FRACTION_BITS);
/** A face as large as a frame of 1080p with a crop of 256 pixels: larger ones are met in photographs only. */
const MEMORY_BYTES = 8 * 2 ** 20;
const MEANS_AT = 0;
const PLANES_AT = 16;

/**
 * Crops that lie within their frame, in WebAssembly. What a crop is made of is copied there, and its planes back: less than the tenth
 * of what is spared.
 */
class LineSampler {
  readonly #run: (...parameters: number[]) => number;
  readonly #bytes: Uint8Array;
  readonly #floats: Float32Array;

  constructor() {
    const { memory, run } = instantiate(SAMPLE_LINE, MEMORY_BYTES);
    this.#run = run;
    this.#bytes = new Uint8Array(memory);
    this.#floats = new Float32Array(memory);
  }

  /** False, and nothing done, where the crop reaches beyond its frame or is too large. */
  take(planes: Float32Array, frame: Frame, crop: Crop): boolean {
    const { side, samples, offsets, range } = crop;
    const part = partOf(frame, crop);
    const from = PLANES_AT + side * side * 3 * 4;
    if (part === undefined || from + part.width * part.height * 3 + READS_BEYOND > MEMORY_BYTES) return false;
    this.copy(frame, part, from);
    const nearest = samples >= NEAREST_FROM;
    const scale = range.scale / (samples * samples * (nearest ? 1 : WHOLE));
    this.#floats.set(
      range.mean.map((mean) => mean * range.scale),
      MEANS_AT / 4,
    );
    const { across, down } = stepOf(crop);
    for (let y = 0; y < side; y++) {
      const first = firstOf(crop, y, part);
      // Pixel centres lie at halves.
      const centre = nearest ? 0 : UNIT / 2;
      const out = PLANES_AT + y * side * 4;
      // prettier-ignore
      this.#run(
        from, part.width * 3, first.x - centre, first.y - centre, across, down, samples, nearest ? 1 : 0,
        out, out + side * 4, side * side * 4, scale, MEANS_AT,
      );
    }
    for (const [plane, offset] of offsets.entries()) {
      const at = PLANES_AT / 4 + plane * side * side;
      planes.set(this.#floats.subarray(at, at + side * side), offset);
    }
    return true;
  }

  private copy({ rgb, width }: Frame, part: Part, to: number): void {
    const line = part.width * 3;
    for (let y = 0; y < part.height; y++) {
      const at = ((part.top + y) * width + part.left) * 3;
      this.#bytes.set(rgb.subarray(at, at + line), to + y * line);
    }
  }
}

/** Undefined where there is no SIMD for it. */
export const lineSampler = isSupported(SAMPLE_LINE) ? new LineSampler() : undefined;

/** The whole pixels of a frame that a crop is made of. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Undefined where a sample has a neighbour beyond the frame, or coordinates would not fit. */
function partOf(frame: Frame, { side, toFrame }: Crop): Part | undefined {
  const corners = [
    [0, 0],
    [side, 0],
    [0, side],
    [side, side],
  ].map(([x = 0, y = 0]) => apply(toFrame, [x, y]));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  // Half a pixel to the middle of one, and rounding.
  const [left, top] = [Math.floor(Math.min(...xs) - 0.75), Math.floor(Math.min(...ys) - 0.75)];
  // And the neighbour.
  const [right, bottom] = [Math.floor(Math.max(...xs)) + 2, Math.floor(Math.max(...ys)) + 2];
  if (!(left >= 0 && top >= 0 && right <= frame.width && bottom <= frame.height)) return undefined;
  const [width, height] = [right - left, bottom - top];
  return Math.max(width, height) < MOST_ACROSS ? { left, top, width, height } : undefined;
}

/** From one sample to the next, in 65,536ths of a pixel. */
function stepOf({ toFrame, samples }: Crop) {
  return { across: Math.round((toFrame.a / samples) * UNIT), down: Math.round((toFrame.b / samples) * UNIT) };
}

/** Where the first sample of a line lies in the part, in 65,536ths of a pixel. */
function firstOf({ toFrame: { a, b, tx, ty }, samples }: Crop, y: number, { left, top }: Part) {
  const half = 0.5 / samples;
  return {
    x: Math.round((a * half - b * (y + half) + tx - left) * UNIT),
    y: Math.round((b * half + a * (y + half) + ty - top) * UNIT),
  };
}
