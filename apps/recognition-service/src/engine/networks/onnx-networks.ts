import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import type { ModelCache } from '../models/model-cache';
import type { Network, Networks, Tensor } from './network';

type Runtime = typeof import('onnxruntime-node');

/** ONNX Runtime, one thread a session: frames run side by side in worker threads, not one frame on all cores. */
export function onnxNetworks(cache: ModelCache): Networks {
  // Loaded here and not at the top: a platform without its binary falls back to another engine.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const runtime = require('onnxruntime-node') as Runtime;
  const open = async (onnx: Uint8Array): Promise<Network> => {
    const session = await runtime.InferenceSession.create(onnx, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Errors only: what it says else is of no use to who runs a service.
      logSeverityLevel: 3,
    });
    return new OnnxNetwork(runtime, session);
  };
  return {
    backend: 'onnx',
    shipped: (model) => cache.open(model, open),
    file: async (path) => open(await readFile(path)),
  };
}

class OnnxNetwork implements Network {
  readonly outputs: readonly string[];
  private readonly input: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
  ) {
    const [input] = session.inputNames;
    if (input === undefined || session.inputNames.length !== 1) {
      throw new Error(`a model must have one input, this has ${session.inputNames.length}`);
    }
    this.input = input;
    this.outputs = session.outputNames;
  }

  async run({ shape, data }: Tensor): Promise<Tensor[]> {
    const results = await this.session.run({ [this.input]: new this.runtime.Tensor('float32', data, shape) });
    return this.outputs.map((name) => {
      const result = results[name];
      if (result === undefined || !(result.data instanceof Float32Array))
        throw new Error(`${name} is not float32`);
      return { shape: result.dims, data: result.data };
    });
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
