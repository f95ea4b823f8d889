import { readdirSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import type { Picture } from '../data/class-frames';

interface Runtime {
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: number[]) => object;
  readonly InferenceSession: {
    create(file: string, options: object): Promise<{ run(inputs: object): Promise<object> }>;
  };
}

const MULTIPLE = 32;
const BATCH = 8;

/** What of a frame no code around the models can save: each model as often as ours asks it, on numbers that lie ready. */
export async function modelsInALoop(
  cache: string,
  { width, height }: Picture,
  seen: number,
  embedded: number,
): Promise<() => Promise<void>> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const ort = require(path.join(workspaceRoot(), 'node_modules', 'onnxruntime-node')) as Runtime;
  const open = (name: string) => {
    const file = readdirSync(cache).find((one) => one.startsWith(name) && one.endsWith('.onnx')) ?? name;
    return ort.InferenceSession.create(path.join(cache, file), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
  };
  const [detector, embedder] = [await open('blazeface'), await open('dlib')];
  const input = (...shape: number[]) => ({
    input: new ort.Tensor(
      'float32',
      new Float32Array(shape.reduce((all, length) => all * length, 1)).fill(0.1),
      shape,
    ),
  });
  const look = (scale: number) =>
    input(1, 3, ...[height, width].map((side) => Math.ceil(Math.round(side * scale) / MULTIPLE) * MULTIPLE));
  const looks = [look(9 / 26), look(256 / width)];
  const closer = input(1, 3, 96, 96);
  const batches = Array.from({ length: Math.ceil(embedded / BATCH) }, (_, i) =>
    input(Math.min(BATCH, embedded - i * BATCH), 3, 150, 150),
  );
  return async () => {
    for (const one of looks) await detector.run(one);
    for (let face = 0; face < seen; face += 1) await detector.run(closer);
    for (const batch of batches) await embedder.run(batch);
  };
}
