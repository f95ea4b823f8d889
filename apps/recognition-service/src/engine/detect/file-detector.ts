import { bestOfEach } from '../geometry/boxes';
import type { Frame } from '../engine';
import type { Network, Tensor } from '../networks/network';
import type { PixelRange } from '../pixels/planes';
import { shrinkInto } from '../pixels/shrink';
import type { BlazeOptions } from './blaze-detector';
import type { FaceDetector, FoundFace } from './face-detector';
import { decodeScrfd } from './scrfd-decode';
import { decodeYuNet } from './yunet-decode';

/** Strides 8, 16 and 32: the input must be a multiple of the last. */
const MULTIPLE = 32;
const OVERLAP = 0.4;
/** A face of this many pixels is what both were trained to find. */
const SMALLEST = 12;

interface Layout {
  readonly name: string;
  readonly range: PixelRange;
  decode(outputs: readonly Tensor[], names: readonly string[], width: number, minScore: number): FoundFace[];
}

const YUNET: Layout = { name: 'yunet', range: { mean: [0, 0, 0], scale: 1, bgr: true }, decode: decodeYuNet };
const SCRFD: Layout = {
  name: 'scrfd',
  range: { mean: [127.5, 127.5, 127.5], scale: 1 / 128 },
  decode: decodeScrfd,
};

/** A detector that the operator brought: YuNet (OpenCV zoo, exported for any size) or SCRFD (insightface), told by its outputs. */
export function detectorFromFile(network: Network, file: string, options: BlazeOptions): FaceDetector {
  if (network.outputs.includes('cls_8')) return new FileDetector(network, YUNET, options);
  if (network.outputs.length === 9) return new FileDetector(network, SCRFD, options);
  throw new Error(
    `FACE_DETECTOR: ${file} is neither YuNet nor SCRFD with points (its outputs: ${network.outputs.join(', ')})`,
  );
}

class FileDetector implements FaceDetector {
  readonly name: string;

  constructor(
    private readonly network: Network,
    private readonly layout: Layout,
    private readonly options: BlazeOptions,
  ) {
    this.name = layout.name;
  }

  async detect(frame: Frame): Promise<FoundFace[]> {
    const scale = Math.min(1, SMALLEST / this.options.minFace);
    const width = Math.ceil((frame.width * scale) / MULTIPLE) * MULTIPLE;
    const height = Math.ceil((frame.height * scale) / MULTIPLE) * MULTIPLE;
    const data = new Float32Array(3 * width * height);
    shrinkInto(data, width, height, frame, scale, this.layout.range);
    const outputs = await this.network.run({ shape: [1, 3, height, width], data });
    const found = this.layout.decode(outputs, this.network.outputs, width, this.options.minScore);
    return bestOfEach(found, OVERLAP)
      .slice(0, this.options.maxFaces)
      .map(({ box, score, landmarks }) => ({
        score,
        box: { x: box.x / scale, y: box.y / scale, width: box.width / scale, height: box.height / scale },
        landmarks: landmarks.map(([x, y]) => [x / scale, y / scale] as const),
      }));
  }

  async close(): Promise<void> {
    await this.network.close();
  }
}
