import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import { plainPass } from '../floors/plain-pass';
import { serve } from '../workers/serve';

/* One probe against a gallery, against one plain pass over its vectors as floats, and over as many numbers of 16 bits. */

interface Service {
  readonly Gallery: new (
    enrolled: readonly { studentIndex: number; vector: Float32Array }[],
    dimension: number,
  ) => { match(probe: Float32Array, threshold: number, margin: number): { studentIndex: number } | null };
}

export interface GalleryWork {
  readonly vectors: number;
  readonly dimension: number;
  readonly turns: number;
}

export interface GalleryTimes {
  /** Milliseconds. */
  readonly ours: number;
  readonly pass: number;
  readonly roundedPass: number;
}

// The compiled service itself: there is no other way to run what is measured.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { Gallery } = require(
  path.join(workspaceRoot(), 'apps', 'recognition-service', 'dist', 'index.js'),
) as Service;

const PHOTOS = 3;
const AT_ONCE_BYTES = 20_000_000;

function run({ vectors, dimension, turns }: GalleryWork): GalleryTimes {
  const vector = () => Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
  const enrolled = Array.from({ length: vectors }, (_, i) => ({
    studentIndex: Math.floor(i / PHOTOS),
    vector: vector(),
  }));
  const gallery = new Gallery(enrolled, dimension);
  const probe = enrolled[7]!.vector;
  const pass = plainPass(vectors * dimension);
  const roundedPass = plainPass((vectors * dimension) / 2);
  const ours = (): void => {
    if (gallery.match(probe, 0.9, 0)?.studentIndex !== 2) throw new Error('wrong student');
  };
  // A small gallery is over before the clock ticks.
  const times = Math.max(1, Math.round(AT_ONCE_BYTES / (vectors * dimension * 4)));
  const best = { ours: Infinity, pass: Infinity, roundedPass: Infinity };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, work] of Object.entries({ ours, pass, roundedPass })) {
      const began = performance.now();
      for (let i = 0; i < times; i += 1) work();
      best[name as keyof GalleryTimes] = Math.min(
        best[name as keyof GalleryTimes],
        (performance.now() - began) / times,
      );
    }
  }
  return best;
}

serve({ run });
