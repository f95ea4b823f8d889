import type { Landmarks } from '../engine';
import type { Point } from '../geometry/similarity';

/** Eyes, nose and both corners of the mouth to eyes, nose and the middle of the mouth. Either side may come first. */
export function fromFive(points: readonly Point[]): Landmarks {
  const [eye = [0, 0], otherEye = [0, 0], nose = [0, 0], corner = [0, 0], otherCorner = [0, 0]] = points;
  const mouth: Point = [(corner[0] + otherCorner[0]) / 2, (corner[1] + otherCorner[1]) / 2];
  return eye[0] <= otherEye[0] ? [eye, otherEye, nose, mouth] : [otherEye, eye, nose, mouth];
}
