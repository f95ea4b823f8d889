import type { Box, Frame } from '../engine';
import { apply, invert, scaleOf, type Similarity } from '../geometry/similarity';
import type { Network } from '../networks/network';
import type { PixelRange } from '../pixels/planes';
import { warpInto } from '../pixels/warp';
import { decodeBlaze } from './blaze-decode';
import type { FoundFace } from './face-detector';

const SIDE = 96;
/** The crop is this many times as wide as the face. */
const AROUND = 1.8;

/** BlazeFace on one face by itself, large and upright. Its points are several times nearer than those of a face of 20 pixels. */
export class LookCloser {
  private readonly planes = new Float32Array(3 * SIDE * SIDE);

  constructor(
    private readonly network: Network,
    private readonly range: PixelRange,
  ) {}

  /** Null: there is no face in the middle of the crop after all. */
  async look(frame: Frame, candidate: FoundFace): Promise<FoundFace | null> {
    const toCrop = upright(candidate);
    warpInto(this.planes, 0, SIDE, frame, toCrop, this.range);
    const maps = await this.network.run({ shape: [1, 3, SIDE, SIDE], data: this.planes });
    let best: FoundFace | null = null;
    for (const face of decodeBlaze(maps, 0.1)) {
      if (Math.hypot(...fromMiddle(face.box)) > SIDE / 4) continue;
      if (best === null || face.score > best.score) best = face;
    }
    return best && inFrame(best, invert(toCrop));
  }
}

function upright({ box, landmarks }: FoundFace): Similarity {
  const [left = [0, 0], right = [1, 0]] = landmarks;
  const turn = -Math.atan2(right[1] - left[1], right[0] - left[0]);
  const scale = SIDE / (AROUND * Math.max(box.width, box.height));
  const a = scale * Math.cos(turn);
  const b = scale * Math.sin(turn);
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  return { a, b, tx: SIDE / 2 - (a * x - b * y), ty: SIDE / 2 - (b * x + a * y) };
}

function fromMiddle(box: Box): [number, number] {
  return [box.x + box.width / 2 - SIDE / 2, box.y + box.height / 2 - SIDE / 2];
}

/** The box stays level: around the same middle, as large. */
function inFrame(face: FoundFace, toFrame: Similarity): FoundFace {
  const { box } = face;
  const scale = scaleOf(toFrame);
  const [x, y] = apply(toFrame, [box.x + box.width / 2, box.y + box.height / 2]);
  const [width, height] = [box.width * scale, box.height * scale];
  return {
    score: face.score,
    box: { x: x - width / 2, y: y - height / 2, width, height },
    landmarks: face.landmarks.map((point) => apply(toFrame, point)),
  };
}
