import type { Frame, Landmarks } from '../engine';
import { fitSimilarity, type Point } from '../geometry/similarity';
import type { Network } from '../networks/network';
import type { PixelRange } from '../pixels/planes';
import { warpInto } from '../pixels/warp';

/** How a face must lie in the picture that a model is given. */
export interface FaceLayout {
  readonly side: number;
  /** Both eyes, nose, middle of the mouth. */
  readonly points: readonly Point[];
  readonly range: PixelRange;
}

/** More at once gains nothing on one core and costs memory. */
const BATCH = 8;

/** Faces to vectors: aligned by their points, through the model, and of length one. */
export class Embedder {
  constructor(
    private readonly network: Network,
    private readonly layout: FaceLayout,
    readonly dimension: number,
  ) {}

  /** `mirrored`: the mean with the mirror image, nearer to the person and twice the time. Null: no alignment from these points. */
  async embed(
    frame: Frame,
    faces: readonly Landmarks[],
    mirrored: boolean,
  ): Promise<(Float32Array | null)[]> {
    const fits = faces.map((points) => fitSimilarity(points, this.layout.points));
    const vectors: (Float32Array | null)[] = faces.map(() => null);
    const { side, range } = this.layout;
    const size = 3 * side * side;
    const each = mirrored ? 2 : 1;
    const usable = [...fits.keys()].filter((index) => fits[index] !== null);
    for (let from = 0; from < usable.length; from += BATCH / each) {
      const batch = usable.slice(from, from + BATCH / each);
      const planes = new Float32Array(batch.length * each * size);
      batch.forEach((index, i) => {
        const fit = fits[index];
        if (!fit) return;
        const crop = planes.subarray(i * each * size, (i * each + 1) * size);
        warpInto(crop, 0, side, frame, fit, range);
        if (mirrored) mirrorInto(planes.subarray((i * each + 1) * size, (i * each + 2) * size), crop, side);
      });
      const [output] = await this.network.run({ shape: [batch.length * each, 3, side, side], data: planes });
      if (output === undefined) throw new Error('the embedding model answered nothing');
      const { dimension } = this;
      batch.forEach((index, i) => {
        const rows = Array.from({ length: each }, (_, row) => {
          const start = (i * each + row) * dimension;
          return unit(output.data.slice(start, start + dimension));
        });
        vectors[index] = unit(meanOf(rows, dimension));
      });
    }
    return vectors;
  }

  async close(): Promise<void> {
    await this.network.close();
  }
}

function mirrorInto(target: Float32Array, source: Float32Array, side: number): void {
  for (let row = 0; row < source.length; row += side) {
    for (let x = 0; x < side; x++) target[row + x] = source[row + side - 1 - x] as number;
  }
}

function meanOf(rows: readonly Float32Array[], dimension: number): Float32Array {
  return Float32Array.from({ length: dimension }, (_, i) =>
    rows.reduce((sum, row) => sum + (row[i] as number), 0),
  );
}

function unit(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
