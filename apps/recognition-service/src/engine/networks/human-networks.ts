import path from 'node:path';
import { packageFolder } from '../models/package-files';
import type { Networks } from './network';
import type { TensorFlow } from './tensor-flow';
import { TfNetwork } from './tf-network';

interface HumanModule {
  readonly Human: new (config: object) => { readonly tf: TensorFlow };
}

/** Human's tfjs on WASM with SIMD: runs wherever Node does. One thread, as ours are the threads. */
export async function humanWasmNetworks(): Promise<Networks> {
  const tf = loadHuman('human.node-wasm.js');
  tf.setWasmPaths?.(path.join(packageFolder('@tensorflow/tfjs-backend-wasm').folder, 'dist') + path.sep);
  tf.setThreadsCount?.(1);
  return networksOn(tf, 'wasm', 'human-wasm');
}

/** Human on the native TensorFlow, where somebody installed `@tensorflow/tfjs-node` and its binary could be had. */
export async function tfjsNodeNetworks(): Promise<Networks> {
  packageFolder('@tensorflow/tfjs-node');
  return networksOn(loadHuman('human.node.js'), 'tensorflow', 'tfjs-node');
}

/** By its file: the package's own entry always loads tfjs-node. */
function loadHuman(file: string): TensorFlow {
  const { folder } = packageFolder('@vladmandic/human');
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Human } = require(path.join(folder, 'dist', file)) as HumanModule;
  return new Human({ debug: false }).tf;
}

async function networksOn(tf: TensorFlow, name: string, backend: string): Promise<Networks> {
  if (!(await tf.setBackend(name))) throw new Error(`tfjs has no backend "${name}" here`);
  await tf.ready();
  return {
    backend,
    shipped: async (model) => new TfNetwork(tf, await model.read()),
    file: (file) =>
      Promise.reject(new Error(`${backend} cannot read ${file}: ONNX files need the backend onnx`)),
  };
}
