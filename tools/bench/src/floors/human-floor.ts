import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import type { Picture } from '../data/class-frames';

interface HumanLike {
  readonly tf: {
    tensor(data: Uint8Array, shape: number[], type: 'int32'): { dispose(): void };
    setWasmPaths(folder: string): void;
    setThreadsCount(count: number): void;
    setBackend(name: string): Promise<boolean>;
  };
  load(): Promise<void>;
  detect(input: object): Promise<{ readonly face: readonly { readonly embedding?: readonly number[] }[] }>;
}

const modules = path.join(workspaceRoot(), 'node_modules');
let loading: Promise<HumanLike> | undefined;

/** Human on WASM as its documentation sets it up for recognition, on one thread, for as many faces as there are. */
export async function humanDetect({
  width,
  height,
  rgb,
}: Picture): Promise<{ millis: number; found: number }> {
  const human = await (loading ??= load());
  const input = human.tf.tensor(rgb, [1, height, width, 3], 'int32');
  const began = performance.now();
  const { face } = await human.detect(input);
  const millis = performance.now() - began;
  input.dispose();
  return { millis, found: face.filter((one) => one.embedding !== undefined).length };
}

async function load(): Promise<HumanLike> {
  const folder = path.join(modules, '@vladmandic', 'human');
  const wasmPath = path.join(modules, '@tensorflow', 'tfjs-backend-wasm', 'dist') + path.sep;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Human } = require(path.join(folder, 'dist', 'human.node-wasm.js')) as {
    Human: new (c: object) => HumanLike;
  };
  const off = { enabled: false };
  const human = new Human({
    backend: 'wasm',
    wasmPath,
    debug: false,
    cacheSensitivity: 0,
    face: {
      enabled: true,
      detector: { maxDetected: 50, rotation: true, square: false, minConfidence: 0.2 },
      mesh: { enabled: true },
      description: { enabled: true },
      iris: off,
      emotion: off,
      antispoof: off,
      liveness: off,
    },
    ...{ body: off, hand: off, object: off, gesture: off, segmentation: off, filter: off },
  });
  human.tf.setWasmPaths(wasmPath);
  human.tf.setThreadsCount(1);
  await human.tf.setBackend('wasm');
  readModelsFromDisk(path.join(folder, 'models'));
  await human.load();
  return human;
}

/** Human fetches its models; on WASM in Node it cannot fetch files. */
function readModelsFromDisk(folder: string): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  globalThis.fetch = async (request: Request | URL | string) => {
    const name = path.basename(request instanceof Request ? request.url : String(request));
    return new Response(new Uint8Array(readFileSync(path.join(folder, name))));
  };
}
