import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import { classFrame, type Picture } from '../data/class-frames';
import { humanDetect } from '../floors/human-floor';
import { modelsInALoop } from '../floors/models-floor';
import { serve } from '../workers/serve';

/* Recognition on one core: our engine without its threads, the bare models in a loop, and Human as it is shipped. */

interface Face {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly embedding: Float32Array | null;
}
interface Service {
  readonly buildAnalyser: (
    backend: 'onnx',
    settings: object,
  ) => Promise<{ readonly analyser: { analyse(frame: Picture, liveness: boolean): Promise<Face[]> } }>;
  readonly ENGINE_DEFAULTS: { readonly mirrorFaces: number };
}

export interface FrameWork {
  readonly faces: number;
  readonly turns: number;
  readonly human: boolean;
}

export interface FrameTimes {
  /** Faces found and embedded. */
  readonly embedded: number;
  /** Milliseconds a frame: ours, the models alone, and Human (0: not asked). */
  readonly ours: number;
  readonly models: number;
  readonly human: number;
  readonly humanFound: number;
}

const cache = path.join(workspaceRoot(), '.data', 'models');
// The compiled service itself: there is no other way to run what is measured.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const service = require(
  path.join(workspaceRoot(), 'apps', 'recognition-service', 'dist', 'index.js'),
) as Service;
const built = service.buildAnalyser('onnx', { ...service.ENGINE_DEFAULTS, modelCache: cache });
const frames = new Map<number, Promise<Picture>>();

async function run({ faces, turns, human }: FrameWork): Promise<FrameTimes> {
  const { analyser } = await built;
  const find = (picture: Picture) => analyser.analyse(picture, false);
  const frame = await (frames.get(faces) ?? classFrame(faces, find));
  frames.set(faces, Promise.resolve(frame));
  const seen = await find(frame);
  const embedded = seen.filter((face) => face.embedding !== null).length;
  const mirrored = embedded <= service.ENGINE_DEFAULTS.mirrorFaces;
  const bare = await modelsInALoop(cache, frame, seen.length, mirrored ? embedded * 2 : embedded);
  const [ours, models] = await inTurn(turns, () => find(frame), bare);
  const other = human ? await humanDetect(frame) : { millis: 0, found: 0 };
  return { embedded, ours, models, human: other.millis, humanFound: other.found };
}

/** The best of each: what the machine can do when nobody else uses it. */
async function inTurn(turns: number, ...works: (() => Promise<unknown>)[]): Promise<[number, number]> {
  const best = works.map(() => Infinity);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [i, work] of works.entries()) {
      const began = performance.now();
      await work();
      best[i] = Math.min(best[i]!, performance.now() - began);
    }
  }
  return [best[0]!, best[1]!];
}

serve({ run });
