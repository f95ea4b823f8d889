import { findBlobs, hueDistance, type Blob } from './blobs';
import { findDivide } from './divide';
import { decode } from './pixels';

export interface Counts {
  readonly left: number;
  readonly right: number;
}

/** Of a picture's pixels: smaller is dirt or a rest behind the arm, a doll is about ten times that. */
const MIN_SHARE = 0.0006;
const DOLL_SHARE = 0.0068;

/** Joins what the arm has cut in two: pieces of one cloth, near each other, together no more than a doll. */
function joined(blobs: readonly Blob[], doll: number): Blob[] {
  const left = [...blobs].sort((a, b) => b.area - a.area);
  const whole: Blob[] = [];
  while (left.length > 0) {
    const blob = left.shift()!;
    const index = left.findIndex(
      (piece) =>
        hueDistance(piece.hue, blob.hue) < 20 &&
        blob.area + piece.area <= doll * 1.1 &&
        Math.hypot(piece.x - blob.x, piece.y - blob.y) < Math.sqrt(doll) * 1.5,
    );
    if (index < 0) whole.push(blob);
    else {
      const [piece] = left.splice(index, 1);
      const area = blob.area + piece!.area;
      left.unshift({
        area,
        hue: blob.hue,
        x: (blob.x * blob.area + piece!.x * piece!.area) / area,
        y: (blob.y * blob.area + piece!.y * piece!.area) / area,
      });
    }
  }
  return whole;
}

/** Looks at a picture and counts what is colourful to the left and to the right of its divide. Throws for no picture. */
export async function countDolls(encoded: Buffer): Promise<Counts> {
  const pixels = await decode(encoded);
  const size = pixels.width * pixels.height;
  const blobs = findBlobs(pixels).filter(({ area }) => area >= size * MIN_SHARE);
  const whole = blobs
    .map(({ area }) => area)
    .filter((area) => area > size * DOLL_SHARE * 0.6 && area < size * DOLL_SHARE * 1.5);
  const doll = whole.length > 0 ? whole.sort((a, b) => a - b)[whole.length >> 1]! : size * DOLL_SHARE;
  const divide = findDivide(pixels);
  const counts = { left: 0, right: 0 };
  for (const blob of joined(blobs, doll)) {
    // Two of one cloth that touch are one blob, of twice the size.
    counts[blob.x < divide ? 'left' : 'right'] += Math.max(1, Math.round(blob.area / doll));
  }
  return counts;
}
