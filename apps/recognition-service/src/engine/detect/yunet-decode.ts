import type { Tensor } from '../networks/network';
import type { Point } from '../geometry/similarity';
import type { FoundFace } from './face-detector';
import { fromFive } from './five-points';

const STRIDES = [8, 16, 32] as const;

/** OpenCV's face_detection_yunet_2023mar: one box a cell; sizes as logarithms (modules/objdetect/src/face_detect.cpp). */
export function decodeYuNet(
  outputs: readonly Tensor[],
  names: readonly string[],
  width: number,
  minScore: number,
): FoundFace[] {
  const found: FoundFace[] = [];
  for (const stride of STRIDES) {
    const read = (name: string): Float32Array => {
      const output = outputs[names.indexOf(`${name}_${stride}`)];
      if (output === undefined) throw new Error(`YuNet answered without ${name}_${stride}`);
      return output.data;
    };
    const [cls, obj, boxes, points] = [read('cls'), read('obj'), read('bbox'), read('kps')];
    const columns = width / stride;
    for (let cell = 0; cell < cls.length; cell++) {
      const score = Math.sqrt(clamp(cls[cell]) * clamp(obj[cell]));
      if (!(score >= minScore)) continue;
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      const at = (index: number): number => boxes[cell * 4 + index] as number;
      const w = Math.exp(at(2)) * stride;
      const h = Math.exp(at(3)) * stride;
      const box = {
        x: (column + at(0)) * stride - w / 2,
        y: (row + at(1)) * stride - h / 2,
        width: w,
        height: h,
      };
      const five = Array.from({ length: 5 }, (_, i): Point => {
        const [x, y] = [points[cell * 10 + i * 2] as number, points[cell * 10 + i * 2 + 1] as number];
        return [(x + column) * stride, (y + row) * stride];
      });
      found.push({ box, score, landmarks: fromFive(five) });
    }
  }
  return found;
}

function clamp(value = 0): number {
  return Math.max(0, Math.min(1, value));
}
