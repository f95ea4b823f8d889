import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { dlibResNet } from './dlib-resnet';
import { fromTfGraph, type ConvertOptions, type TfNode } from './from-tf-graph';
import type { Graph } from './graph';
import { packageFolder } from './package-files';
import { readTfWeights, type ManifestGroup } from './tf-weights';

const HUMAN = '@vladmandic/human';
const FACE_API = '@vladmandic/face-api';

/** One network of the packages: where it comes from and how it is read. */
export interface ShippedModel {
  readonly name: string;
  /** Of the package; part of the cached file's name and of what is said about the engine. */
  readonly version: string;
  read(): Promise<Graph>;
}

const CONVOLUTION = 'StatefulPartitionedCall/functional_1/conv2d_';

/**
 * BlazeFace of Human. Its last convolutions are taken as they are, not reshaped for 256 × 256: it is convolutions from end to end
 * and so looks at pictures of any size. Two maps of scores, two of boxes and points.
 */
export function blazeFace(): ShippedModel {
  const outputs = [33, 34, 35, 36].map((index) => `${CONVOLUTION}${index}/BiasAdd`);
  return humanModel('blazeface', { outputs, anyMultipleOf: [32, 32] });
}

export function antispoof(): ShippedModel {
  return humanModel('antispoof', { outputs: ['Identity'] });
}

export function liveness(): ShippedModel {
  return humanModel('liveness', { outputs: ['Identity'] });
}

export function dlib(): ShippedModel {
  const { folder, version } = packageFolder(FACE_API);
  const file = path.join(folder, 'model', 'face_recognition_model-weights_manifest.json');
  return {
    name: 'dlib-resnet34',
    version,
    read: async () => dlibResNet(await readTfWeights(file, await json<ManifestGroup[]>(file))),
  };
}

function humanModel(name: string, options: Omit<ConvertOptions, 'name'>): ShippedModel {
  const { folder, version } = packageFolder(HUMAN);
  const file = path.join(folder, 'models', `${name}.json`);
  return {
    name,
    version,
    read: async () => {
      const model = await json<TfModel>(file);
      const weights = await readTfWeights(file, model.weightsManifest);
      return fromTfGraph(model.modelTopology.node, weights, { name, ...options });
    },
  };
}

interface TfModel {
  readonly modelTopology: { readonly node: readonly TfNode[] };
  readonly weightsManifest: readonly ManifestGroup[];
}

async function json<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}
