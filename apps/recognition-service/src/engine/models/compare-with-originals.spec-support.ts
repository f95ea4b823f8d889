import { readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { humanWasmNetworks } from '../networks/human-networks';
import type { Tensor } from '../networks/network';
import { onnxNetworks } from '../networks/onnx-networks';
import { cosine, MODEL_CACHE } from '../testing/photographs.spec-support';
import { antispoof, blazeFace, dlib, liveness, type ShippedModel } from './catalog';
import { ModelCache } from './model-cache';
import { packageFolder } from './package-files';

/*
 * Run as a process of its own, since neither ONNX Runtime's binding nor tfjs knows the typed arrays of jest's realm: asks converted
 * models and their originals the same, and prints how far they agree.
 */

interface TfValue {
  readonly shape: number[];
  data(): Promise<Float32Array>;
}
interface Tf {
  setWasmPaths(folder: string): void;
  setBackend(name: string): Promise<boolean>;
  tensor(data: Float32Array, shape: number[]): TfValue;
  transpose(x: TfValue, order: number[]): TfValue;
  loadGraphModel(
    handler: object,
  ): Promise<{ execute(input: TfValue, outputs: string[]): TfValue | TfValue[] }>;
}

const folderOf = (name: string): string => packageFolder(name).folder;

async function humanTf(): Promise<Tf> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Human } = require(path.join(folderOf('@vladmandic/human'), 'dist', 'human.node-wasm.js'));
  const { tf } = new Human({ debug: false }) as { tf: Tf };
  tf.setWasmPaths(path.join(folderOf('@tensorflow/tfjs-backend-wasm'), 'dist') + path.sep);
  await tf.setBackend('wasm');
  return tf;
}

async function original(tf: Tf, name: string, outputs: string[], input: Tensor): Promise<Tensor[]> {
  const file = path.join(folderOf('@vladmandic/human'), 'models', `${name}.json`);
  const json = JSON.parse(readFileSync(file, 'utf8'));
  const weightSpecs = json.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights);
  const weightData = Uint8Array.from(readFileSync(file.replace('.json', '.bin'))).buffer;
  const load = () =>
    Promise.resolve({ modelTopology: json.modelTopology, weightSpecs, weightData, format: json.format });
  const model = await tf.loadGraphModel({ load });
  const picture = tf.transpose(tf.tensor(input.data, [...input.shape]), [0, 2, 3, 1]);
  const answers = [model.execute(picture, outputs)].flat();
  return Promise.all(
    answers.map(async (answer) => {
      const first = answer.shape.length === 4 ? tf.transpose(answer, [0, 3, 1, 2]) : answer;
      return { shape: first.shape, data: await first.data() };
    }),
  );
}

function noise(shape: number[]): Tensor {
  let state = 1;
  const size = shape.reduce((all, length) => all * length, 1);
  const data = Float32Array.from(
    { length: size },
    () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647,
  );
  return { shape, data };
}

async function answersOf(model: ShippedModel, input: Tensor): Promise<{ onnx: Tensor[]; wasm: Tensor[] }> {
  const onnx = await onnxNetworks(new ModelCache(MODEL_CACHE)).shipped(model);
  const wasm = await (await humanWasmNetworks()).shipped(model);
  const answers = { onnx: await onnx.run(input), wasm: await wasm.run(input) };
  await onnx.close();
  await wasm.close();
  return answers;
}

/** The least cosine of the outputs; -1 where their shapes differ. */
function agreement(answers: readonly Tensor[], expected: readonly Tensor[]): number {
  const shapes = (tensors: readonly Tensor[]): string =>
    tensors.map((tensor) => tensor.shape.join('x')).join();
  if (shapes(answers) !== shapes(expected)) return -1;
  return Math.min(...answers.map((answer, i) => cosine(answer.data, expected[i]?.data ?? [])));
}

/** face-api's own network, on the tfjs that Human runs on. It takes RGB from 0 to 255 and normalises by itself. */
async function faceApiDescriptor({ data }: Tensor): Promise<Float32Array> {
  const folder = folderOf('@vladmandic/face-api');
  const faceApi = loadFaceApi(path.join(folder, 'dist', 'face-api.node-wasm.js'));
  const file = path.join(folder, 'model', 'face_recognition_model-weights_manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const bytes = Uint8Array.from(readFileSync(path.join(folder, 'model', manifest[0].paths[0]))).buffer;
  const net = faceApi.nets.faceRecognitionNet;
  net.loadFromWeightMap(faceApi.tf.io.decodeWeights(bytes, manifest[0].weights));
  const mean = [122.782, 117.001, 104.298];
  const pixels = Float32Array.from(data, (value, i) => value * 255 + (mean[Math.floor(i / 22_500)] ?? 0));
  const picture = faceApi.tf.transpose(faceApi.tf.tensor(pixels, [1, 3, 150, 150]), [0, 2, 3, 1]);
  // Methods of tensors that only the whole of tfjs registers.
  for (const name of ['div', 'mean']) {
    faceApi.tf.Tensor.prototype[name] = function (...rest: unknown[]) {
      return faceApi.tf[name](this, ...rest);
    };
  }
  return net.forwardInput({ toBatchTensor: () => picture }).data();
}

/** It asks for the whole of tfjs, of which the core is enough for this and is what is installed. */
function loadFaceApi(file: string) {
  const loader = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (request, ...rest) =>
    resolve.call(Module, request === '@tensorflow/tfjs' ? '@tensorflow/tfjs-core' : request, ...rest);
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(file);
  } finally {
    loader._resolveFilename = resolve;
  }
}

async function main(): Promise<void> {
  const convolutions = [33, 34, 35, 36].map(
    (n) => `StatefulPartitionedCall/functional_1/conv2d_${n}/BiasAdd`,
  );
  const tf = await humanTf();
  const report: Record<string, object> = {};
  const models: [string, ShippedModel, string[], number[]][] = [
    ['blazeface', blazeFace(), convolutions, [1, 3, 256, 256]],
    ['antispoof', antispoof(), ['Identity'], [1, 3, 128, 128]],
    ['liveness', liveness(), ['Identity'], [1, 3, 32, 32]],
  ];
  for (const [name, model, outputs, shape] of models) {
    const input = noise(shape);
    const expected = await original(tf, name, outputs, input);
    const { onnx, wasm } = await answersOf(model, input);
    report[name] = { onnx: agreement(onnx, expected), wasm: agreement(wasm, expected) };
  }
  const face = noise([1, 3, 150, 150]);
  const expected = [{ shape: [1, 128], data: await faceApiDescriptor(face) }];
  const { onnx, wasm } = await answersOf(dlib(), face);
  report['dlib'] = { onnx: agreement(onnx, expected), wasm: agreement(wasm, expected) };
  const other = await answersOf(blazeFace(), noise([1, 3, 96, 160]));
  report['blazeface of another size'] = {
    shapes: other.onnx.map((map) => map.shape.join('x')),
    wasm: agreement(other.wasm, other.onnx),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

void main();
