import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { Frame } from '../engine';
import { ENGINE_DEFAULTS, type EngineSettings } from '../engine-settings';
import { packageFolder } from '../models/package-files';

/** The photographs that face-api ships for its demo, each with the faces that a person counts in it. */
export const PHOTOGRAPHS = [
  { name: 'sample1.jpg', faces: 3 },
  { name: 'sample2.jpg', faces: 3 },
  { name: 'sample3.jpg', faces: 3 },
  { name: 'sample4.jpg', faces: 4 },
  { name: 'sample5.jpg', faces: 5 },
  { name: 'sample6.jpg', faces: 4 },
] as const;

/** Where models are converted to, once for all test runs of this machine. */
export const MODEL_CACHE = path.join(os.tmpdir(), 'teleop-test-models');

export function settings(changes: Partial<EngineSettings> = {}): EngineSettings {
  return { ...ENGINE_DEFAULTS, modelCache: MODEL_CACHE, ...changes };
}

export function photograph(name: string): sharp.Sharp {
  return sharp(path.join(packageFolder('@vladmandic/face-api').folder, 'demo', name));
}

export async function frameOf(picture: sharp.Sharp): Promise<Frame> {
  // What was asked of the picture is done before it is read: sharp has an order of its own.
  const { data, info } = await sharp(await picture.png().toBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: Uint8Array.from(data) };
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [both, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? NaN, b[i] ?? NaN];
    both += x * y;
    left += x * x;
    right += y * y;
  }
  return a.length === b.length ? both / Math.sqrt(left * right) : NaN;
}
