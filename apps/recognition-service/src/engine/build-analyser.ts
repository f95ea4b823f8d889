import { Analyser } from './analyser';
import { BlazeDetector } from './detect/blaze-detector';
import type { FaceDetector } from './detect/face-detector';
import { detectorFromFile } from './detect/file-detector';
import { Embedder } from './embed/embedder';
import { ARCFACE_LAYOUT, DLIB_LAYOUT } from './embed/layouts';
import type { EngineInfo } from './engine';
import type { Backend, EngineSettings } from './engine-settings';
import { LivenessMeter } from './liveness/liveness-meter';
import { antispoof, blazeFace, dlib, liveness } from './models/catalog';
import { fileVersion } from './models/file-version';
import { ModelCache } from './models/model-cache';
import { humanWasmNetworks, tfjsNodeNetworks } from './networks/human-networks';
import type { Networks } from './networks/network';
import { onnxNetworks } from './networks/onnx-networks';
import { QualityMeter } from './quality/face-quality';

export type WorkerInfo = Omit<EngineInfo, 'threads'>;

export interface BuiltAnalyser {
  readonly analyser: Analyser;
  readonly info: WorkerInfo;
}

/** Everything one worker thread needs, on one backend. Throws where the backend does not work here. */
export async function buildAnalyser(backend: Backend, settings: EngineSettings): Promise<BuiltAnalyser> {
  const networks = await networksOf(backend, settings);
  const detector = await detectorOf(networks, settings);
  const { embedder, model } = await embedderOf(networks, settings);
  const meter = new LivenessMeter(await networks.shipped(antispoof()), await networks.shipped(liveness()));
  const analyser = new Analyser({
    detector,
    embedder,
    liveness: meter,
    meter: new QualityMeter(),
    gate: settings.gate,
    mirrorFaces: settings.mirrorFaces,
  });
  return { analyser, info: { backend: networks.backend, model, detector: detector.name } };
}

async function networksOf(backend: Backend, settings: EngineSettings): Promise<Networks> {
  switch (backend) {
    case 'onnx':
      return onnxNetworks(new ModelCache(settings.modelCache));
    case 'tfjs-node':
      return tfjsNodeNetworks();
    case 'human-wasm':
      return humanWasmNetworks();
  }
}

async function detectorOf(networks: Networks, settings: EngineSettings): Promise<FaceDetector> {
  const file = fileOf('FACE_DETECTOR', settings.detector);
  if (file !== null) return detectorFromFile(await networks.file(file), file, settings);
  return new BlazeDetector(await networks.shipped(blazeFace()), settings);
}

async function embedderOf(
  networks: Networks,
  settings: EngineSettings,
): Promise<{ embedder: Embedder; model: EngineInfo['model'] }> {
  const file = fileOf('EMBEDDING_MODEL', settings.embeddingModel);
  if (file === null) {
    const shipped = dlib();
    const dimension = 128;
    const embedder = new Embedder(await networks.shipped(shipped), DLIB_LAYOUT, dimension);
    return { embedder, model: { name: shipped.name, version: shipped.version, dimension } };
  }
  const network = await networks.file(file);
  const { side } = ARCFACE_LAYOUT;
  // What the model answers to nothing says how long its vectors are.
  const [answer] = await network.run({ shape: [1, 3, side, side], data: new Float32Array(3 * side * side) });
  const dimension = answer?.data.length ?? 0;
  if (dimension < 2) throw new Error(`EMBEDDING_MODEL: ${file} answers a vector of ${dimension}`);
  const { name, version } = await fileVersion(file);
  return { embedder: new Embedder(network, ARCFACE_LAYOUT, dimension), model: { name, version, dimension } };
}

/** Null: the default. */
function fileOf(setting: string, value: string): string | null {
  if (value === 'default') return null;
  if (!value.startsWith('onnx:') || value === 'onnx:') {
    throw new Error(`${setting} must be "default" or "onnx:<file>", not "${value}"`);
  }
  return value.slice('onnx:'.length);
}
