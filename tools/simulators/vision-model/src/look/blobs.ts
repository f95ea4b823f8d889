import type { Pixels } from './pixels';

// Held locally: inside a test runner's sandbox each look at a global costs more than the sum itself.
const { abs, atan2, cos, max: larger, min: smaller, PI, sin: sine } = Math;

export interface Blob {
  readonly area: number;
  /** Centre, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Degrees. */
  readonly hue: number;
}

/** Cloth is colourful; tables, trays, acrylic, shadows and the arm are not. */
const MIN_SATURATION = 0.42;
const MIN_VALUE = 40;

function hueOf(r: number, g: number, b: number, max: number, min: number): number {
  const span = max - min;
  const sixth = max === r ? ((g - b) / span + 6) % 6 : max === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return sixth * 60;
}

/** Hue of each colourful pixel, -1 for the others. */
function hues({ data, width, height }: Pixels): Float32Array {
  const found = new Float32Array(width * height).fill(-1);
  for (let pixel = 0; pixel < found.length; pixel += 1) {
    const [r, g, b] = [data[pixel * 3]!, data[pixel * 3 + 1]!, data[pixel * 3 + 2]!];
    const max = larger(r, g, b);
    const min = smaller(r, g, b);
    if (max >= MIN_VALUE && (max - min) / max >= MIN_SATURATION) found[pixel] = hueOf(r, g, b, max, min);
  }
  return found;
}

export function hueDistance(a: number, b: number): number {
  const apart = abs(a - b) % 360;
  return smaller(apart, 360 - apart);
}

const SAME_CLOTH = 22;

/** Connected pixels of one colour: two dolls that touch are two blobs unless they are of the same cloth. */
export function findBlobs(pixels: Pixels): Blob[] {
  const { width, height } = pixels;
  const hue = hues(pixels);
  const seen = new Uint8Array(hue.length);
  const blobs: Blob[] = [];
  for (let start = 0; start < hue.length; start += 1) {
    if (seen[start] === 1 || hue[start]! < 0) continue;
    seen[start] = 1;
    const open = [start];
    let [area, sumX, sumY, sin, cosine] = [0, 0, 0, 0, 0];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      const angle = (hue[at]! * PI) / 180;
      area += 1;
      sumX += x;
      sumY += y;
      sin += sine(angle);
      cosine += cos(angle);
      const next = [
        x > 0 ? at - 1 : -1,
        x < width - 1 ? at + 1 : -1,
        at - width,
        y < height - 1 ? at + width : -1,
      ];
      for (const neighbour of next) {
        if (neighbour < 0 || seen[neighbour] === 1 || hue[neighbour]! < 0) continue;
        if (hueDistance(hue[neighbour]!, hue[at]!) > SAME_CLOTH) continue;
        seen[neighbour] = 1;
        open.push(neighbour);
      }
    }
    blobs.push({ area, x: sumX / area, y: sumY / area, hue: ((atan2(sin, cosine) * 180) / PI + 360) % 360 });
  }
  return blobs;
}
