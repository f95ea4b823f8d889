import type { Tensor } from '../networks/network';
import type { FoundFace } from './face-detector';

/** Pixels a cell and boxes a cell of the two maps. Every box of a cell is told from the cell's middle. */
const MAPS = [
  { stride: 16, boxes: 2 },
  { stride: 32, boxes: 6 },
] as const;
/** Box (middle, size), then six points: eyes, nose, mouth, ears. */
const NUMBERS = 16;
const POINTS = 4;

/** Faces of BlazeFace's maps (scores 16, scores 32, boxes 16, boxes 32) in pixels of its input. */
export function decodeBlaze(maps: readonly Tensor[], minScore: number): FoundFace[] {
  const found: FoundFace[] = [];
  // Compared before the sigmoid: nearly all cells are empty.
  const least = Math.log(minScore / (1 - minScore));
  MAPS.forEach(({ stride, boxes }, level) => {
    const [scores, places] = [maps[level], maps[level + MAPS.length]];
    if (scores === undefined || places === undefined) throw new Error('BlazeFace answered with too few maps');
    const [, , height = 0, width = 0] = scores.shape;
    const cells = height * width;
    for (let box = 0; box < boxes; box++) {
      for (let cell = 0; cell < cells; cell++) {
        const logit = scores.data[box * cells + cell] as number;
        if (!(logit >= least)) continue;
        const x = ((cell % width) + 0.5) * stride;
        const y = (Math.floor(cell / width) + 0.5) * stride;
        const at = (index: number): number => places.data[(box * NUMBERS + index) * cells + cell] as number;
        const [w, h] = [at(2), at(3)];
        found.push({
          score: 1 / (1 + Math.exp(-logit)),
          box: { x: x + at(0) - w / 2, y: y + at(1) - h / 2, width: w, height: h },
          landmarks: Array.from(
            { length: POINTS },
            (_, i) => [x + at(4 + 2 * i), y + at(5 + 2 * i)] as const,
          ),
        });
      }
    }
  });
  return found.filter(({ box }) => box.width > 0 && box.height > 0);
}
