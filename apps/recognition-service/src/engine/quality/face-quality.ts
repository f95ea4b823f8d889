import type { FaceQuality, Frame } from '../engine';
import type { FoundFace } from '../detect/face-detector';
import { fitSimilarity } from '../geometry/similarity';
import { warpInto } from '../pixels/warp';

/** Pixels across a face from which more would not be seen by the embedding model. */
const FULL_SIZE = 100;
const SIDE = 48;
/** Eyes, nose and mouth on the square that sharpness and light are measured on. */
const LAYOUT = [
  [14, 16],
  [34, 16],
  [24, 28],
  [24, 37],
] as const;
const GREY = { mean: [0, 0, 0], scale: 1 } as const;
/** Share of the contrast that lies in the finest detail of a face in focus. */
const IN_FOCUS = 0.12;
/** How far the nose is aside in profile, in distances between the eyes (beyond half of one it passes an eye). */
const PROFILE = 1.2;
/** Mean brightness (0–255) at which a face is too dark or too bright to see, and the range in which it is right. */
const DARK = [15, 70] as const;
const BRIGHT = [250, 205] as const;

/** Size, sharpness, pose and light of a face, each 0–1. */
export class QualityMeter {
  private readonly planes = new Float32Array(3 * SIDE * SIDE);
  private readonly grey = new Float32Array(SIDE * SIDE);

  measure(frame: Frame, face: FoundFace): FaceQuality {
    const size = Math.min(1, Math.min(face.box.width, face.box.height) / FULL_SIZE);
    const pose = poseOf(face);
    const fit = fitSimilarity(face.landmarks, LAYOUT);
    if (fit === null) return { size, sharpness: 0, pose, brightness: 0, overall: 0 };
    warpInto(this.planes, 0, SIDE, frame, fit, GREY);
    const count = SIDE * SIDE;
    for (let i = 0; i < count; i++) {
      const [r, g, b] = [this.planes[i], this.planes[count + i], this.planes[2 * count + i]] as [
        number,
        number,
        number,
      ];
      this.grey[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    }
    const sharpness = sharpnessOf(this.grey);
    const brightness = brightnessOf(this.grey);
    return { size, sharpness, pose, brightness, overall: Math.min(size, sharpness, pose, brightness) };
  }
}

/** Ratio of the Laplacian's mean size to the spread of the light: blur takes the first and leaves the second. */
function sharpnessOf(grey: Float32Array): number {
  let [sum, squares, edges] = [0, 0, 0];
  for (const value of grey) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / grey.length;
  const spread = Math.sqrt(Math.max(squares / grey.length - mean * mean, 0));
  if (spread < 1) return 0;
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const at = y * SIDE + x;
      const around = at4(grey, at - 1, at + 1, at - SIDE, at + SIDE);
      edges += Math.abs((grey[at] as number) - around / 4);
    }
  }
  const share = edges / ((SIDE - 2) * (SIDE - 2)) / spread;
  return Math.min(1, share / IN_FOCUS);
}

function at4(grey: Float32Array, a: number, b: number, c: number, d: number): number {
  return (grey[a] as number) + (grey[b] as number) + (grey[c] as number) + (grey[d] as number);
}

function brightnessOf(grey: Float32Array): number {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const ramp = ([none, full]: readonly [number, number]): number => (mean - none) / (full - none);
  return Math.max(0, Math.min(1, ramp(DARK), ramp(BRIGHT)));
}

/**
 * 1 looking into the camera, 0 in profile: how far the nose has left the middle of the eyes, and how near the eyes have come to
 * each other for the length of the face. Both along the face's own axes, so that a head on one side is not counted.
 */
function poseOf({ landmarks }: FoundFace): number {
  const [left, right, nose, mouth] = landmarks;
  if (!left || !right || !nose || !mouth) return 0;
  const eyes = Math.hypot(right[0] - left[0], right[1] - left[1]);
  const middle = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2] as const;
  const length = Math.hypot(mouth[0] - middle[0], mouth[1] - middle[1]);
  if (eyes < 1e-6 || length < 1e-6) return 0;
  const along = [(right[0] - left[0]) / eyes, (right[1] - left[1]) / eyes] as const;
  const aside = Math.abs((nose[0] - middle[0]) * along[0] + (nose[1] - middle[1]) * along[1]) / eyes;
  const narrow = Math.min(1, eyes / length / 0.75);
  return Math.max(0, Math.min(1 - aside / PROFILE, narrow));
}
