import type { Tensor } from '../networks/network';
import type { Point } from '../geometry/similarity';
import type { FoundFace } from './face-detector';
import { fromFive } from './five-points';

const STRIDES = [8, 16, 32] as const;
const BOXES_PER_CELL = 2;

/** insightface's SCRFD with points: scores, distances to the four sides and points of each stride, in strides (scrfd.py). */
export function decodeScrfd(
  outputs: readonly Tensor[],
  _names: readonly string[],
  width: number,
  minScore: number,
): FoundFace[] {
  const found: FoundFace[] = [];
  STRIDES.forEach((stride, level) => {
    const [scores, sides, points] = [outputs[level], outputs[level + 3], outputs[level + 6]];
    if (!scores || !sides || !points) throw new Error('SCRFD answered with too few outputs');
    const columns = width / stride;
    for (let i = 0; i < scores.data.length; i++) {
      const score = scores.data[i] as number;
      if (!(score >= minScore)) continue;
      const cell = Math.floor(i / BOXES_PER_CELL);
      const x = (cell % columns) * stride;
      const y = Math.floor(cell / columns) * stride;
      const side = (index: number): number => (sides.data[i * 4 + index] as number) * stride;
      const [left, top, right, bottom] = [x - side(0), y - side(1), x + side(2), y + side(3)];
      const five = Array.from({ length: 5 }, (_, p): Point => {
        const at = i * 10 + p * 2;
        return [x + (points.data[at] as number) * stride, y + (points.data[at + 1] as number) * stride];
      });
      found.push({
        score,
        box: { x: left, y: top, width: right - left, height: bottom - top },
        landmarks: fromFive(five),
      });
    }
  });
  return found;
}
