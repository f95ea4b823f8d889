import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One tensor as TensorFlow keeps it: filters are [height, width, in, out]. */
export interface TfWeights {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface Quantization {
  readonly dtype: string;
  readonly scale?: number;
  readonly min?: number;
}

interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Quantization;
}

export interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly ManifestEntry[];
}

/** Reads the files that a tfjs weights manifest names (beside it) and undoes their quantisation. */
export async function readTfWeights(
  manifestFile: string,
  manifest: readonly ManifestGroup[],
): Promise<ReadonlyMap<string, TfWeights>> {
  const weights = new Map<string, TfWeights>();
  for (const group of manifest) {
    const parts = await Promise.all(group.paths.map((path) => readFile(join(dirname(manifestFile), path))));
    const bytes = Buffer.concat(parts);
    let offset = 0;
    for (const entry of group.weights) {
      const count = entry.shape.reduce((all, length) => all * length, 1);
      const stored = entry.quantization?.dtype ?? entry.dtype;
      const width = WIDTHS[stored];
      if (width === undefined) throw new Error(`${entry.name} is stored as ${stored}`);
      const slice = bytes.subarray(offset, offset + count * width);
      if (slice.length !== count * width)
        throw new Error(`${manifestFile}: the file ends within ${entry.name}`);
      weights.set(entry.name, {
        shape: entry.shape,
        data: numbersOf(slice, count, stored, entry.quantization),
      });
      offset += count * width;
    }
  }
  return weights;
}

const WIDTHS: Readonly<Record<string, number>> = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 };

function numbersOf(bytes: Buffer, count: number, stored: string, quantization?: Quantization): Float32Array {
  const { scale = 1, min = 0 } = quantization ?? {};
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    if (stored === 'float32') out[i] = bytes.readFloatLE(i * 4);
    else if (stored === 'int32') out[i] = bytes.readInt32LE(i * 4);
    else if (stored === 'float16') out[i] = halfToNumber(bytes.readUInt16LE(i * 2));
    else if (stored === 'uint16') out[i] = bytes.readUInt16LE(i * 2) * scale + min;
    else out[i] = bytes.readUInt8(i) * scale + min;
  }
  return out;
}

/** IEEE 754 binary16. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
