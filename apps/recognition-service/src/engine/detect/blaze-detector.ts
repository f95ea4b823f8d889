import type { Frame } from '../engine';
import { bestOfEach, intersectionOverUnion } from '../geometry/boxes';
import type { Network } from '../networks/network';
import type { PixelRange } from '../pixels/planes';
import { shrinkInto } from '../pixels/shrink';
import { decodeBlaze } from './blaze-decode';
import type { FaceDetector, FoundFace } from './face-detector';
import { LookCloser } from './look-closer';

const RANGE: PixelRange = { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 };
const MULTIPLE = 32;
/** A face of this many pixels is found by BlazeFace nine times of ten (docs/recognition-accuracy.md). */
const SMALLEST = 9;
/** Of the second, coarse look, which is there for faces too large for the first. */
const COARSE_SIDE = 256;
/** Of the first look; what it takes in wrongly, the closer look throws out. */
const FIRST_SCORE = 0.3;
const OVERLAP = 0.3;

export interface BlazeOptions {
  /** Pixels of the frame. */
  readonly minFace: number;
  readonly minScore: number;
  readonly maxFaces: number;
}

/**
 * Human's BlazeFace, made for one large face in 256 × 256, on the whole frame at once: it is convolutions only, so its input is as
 * large as the smallest face asks for, rather than one tile after the other. Each face found is then looked at once more by
 * itself, turned upright: that says whether it is one, and where its eyes, nose and mouth are.
 */
export class BlazeDetector implements FaceDetector {
  readonly name = 'blazeface, whole frame and closer look';
  private readonly closer: LookCloser;
  private planes = new Float32Array(0);

  constructor(
    private readonly network: Network,
    private readonly options: BlazeOptions,
  ) {
    this.closer = new LookCloser(network, RANGE);
  }

  async detect(frame: Frame): Promise<FoundFace[]> {
    const longest = Math.max(frame.width, frame.height);
    const fine = Math.max(Math.min(1, SMALLEST / this.options.minFace), COARSE_SIDE / longest);
    const first = await this.look(frame, fine);
    // Twice the side at which the network was trained, a face may no longer fit what one cell sees.
    if (longest * fine > COARSE_SIDE * 1.5) first.push(...(await this.look(frame, COARSE_SIDE / longest)));

    const candidates = bestOfEach(first, OVERLAP).slice(0, this.options.maxFaces);
    const faces: FoundFace[] = [];
    for (const candidate of candidates) {
      const face = await this.closer.look(frame, candidate);
      if (face !== null && face.score >= this.options.minScore && isNear(face, candidate)) faces.push(face);
    }
    return bestOfEach(faces, OVERLAP);
  }

  async close(): Promise<void> {
    await this.network.close();
  }

  private async look(frame: Frame, scale: number): Promise<FoundFace[]> {
    const width = upToMultiple(frame.width * scale);
    const height = upToMultiple(frame.height * scale);
    const size = 3 * width * height;
    if (this.planes.length < size) this.planes = new Float32Array(size);
    const data = this.planes.subarray(0, size).fill(0);
    shrinkInto(data, width, height, frame, scale, RANGE);
    const maps = await this.network.run({ shape: [1, 3, height, width], data });
    return bestOfEach(decodeBlaze(maps, FIRST_SCORE), OVERLAP).map((face) => enlarge(face, 1 / scale));
  }
}

function upToMultiple(length: number): number {
  return Math.max(1, Math.ceil(Math.round(length) / MULTIPLE)) * MULTIPLE;
}

/** The closer look may find a neighbour instead. */
function isNear(face: FoundFace, candidate: FoundFace): boolean {
  return intersectionOverUnion(face.box, candidate.box) > 0.2;
}

function enlarge({ box, score, landmarks }: FoundFace, factor: number): FoundFace {
  return {
    score,
    box: { x: box.x * factor, y: box.y * factor, width: box.width * factor, height: box.height * factor },
    landmarks: landmarks.map(([x, y]) => [x * factor, y * factor] as const),
  };
}
