import type { FoundFace } from '../detect/face-detector';
import type { Frame } from '../engine';
import type { Network } from '../networks/network';
import { warpInto } from '../pixels/warp';

const RANGE = { mean: [0, 0, 0], scale: 1 / 255 } as const;
/** As Human crops a face for these models. */
const AROUND = 1.4;
const ANTISPOOF_SIDE = 128;
const LIVENESS_SIDE = 32;

/** Human's two models: is this a person or a picture of one, and does the picture look alive. What counts is the lesser of both. */
export class LivenessMeter {
  constructor(
    private readonly antispoof: Network,
    private readonly liveness: Network,
  ) {}

  async measure(frame: Frame, face: FoundFace): Promise<number> {
    const real = await ask(this.antispoof, ANTISPOOF_SIDE, frame, face);
    const live = await ask(this.liveness, LIVENESS_SIDE, frame, face);
    return Math.min(real, live);
  }

  async close(): Promise<void> {
    await this.antispoof.close();
    await this.liveness.close();
  }
}

async function ask(network: Network, side: number, frame: Frame, { box }: FoundFace): Promise<number> {
  const planes = new Float32Array(3 * side * side);
  const scale = side / (AROUND * Math.max(box.width, box.height));
  const tx = side / 2 - scale * (box.x + box.width / 2);
  const ty = side / 2 - scale * (box.y + box.height / 2);
  warpInto(planes, 0, side, frame, { a: scale, b: 0, tx, ty }, RANGE);
  const [answer] = await network.run({ shape: [1, 3, side, side], data: planes });
  const score = answer?.data[0];
  if (score === undefined || !(score >= 0 && score <= 1))
    throw new Error(`a liveness score of ${String(score)}`);
  return score;
}
