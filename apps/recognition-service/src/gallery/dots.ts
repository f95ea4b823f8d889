import { instantiate, isSupported } from '@teleop/wasm';
import { BLOCK_ROWS, DOTS } from './dots.wasm';

export { BLOCK_ROWS };

/**
 * What 1 is in a row or a probe: as large as 16 bits hold. A cosine of two vectors that were rounded to it is off by 0.00002, a
 * hundredth of what a threshold is told to; the products of two vectors of length ONE add up to ONE² at most, which 32 bits hold.
 */
export const ONE = 32_767;

/** Rows of whole numbers in one piece of memory, and their dot products with a probe. */
export interface Dots {
  /** `vector`: of length ONE. */
  put(row: number, vector: Int16Array): void;
  /** To be filled before `run`, with a vector of length ONE. */
  readonly probe: Int16Array;
  /** One a row, after `run`; ONE² is a cosine of 1. Beyond the last row, 0. */
  readonly scores: Int32Array;
  /** The largest of each BLOCK_ROWS scores. */
  readonly highest: Int32Array;
  run(): void;
}

/** In WebAssembly where the processor and Node have SIMD for it, else in plain JavaScript. */
export function dotsFor(vectors: number, dimension: number, simd = hasSimd()): Dots {
  return simd && vectors > 0 ? wasmDots(vectors, dimension) : plainDots(vectors, dimension);
}

export function hasSimd(): boolean {
  return isSupported(DOTS);
}

function wasmDots(vectors: number, dimension: number): Dots {
  const blocks = Math.ceil(vectors / BLOCK_ROWS);
  const pairs = Math.ceil(dimension / 2);
  const probeBytes = pairs * 4;
  const rowsAt = Math.ceil(probeBytes / 16) * 16;
  const scoresAt = rowsAt + blocks * BLOCK_ROWS * probeBytes;
  const highestAt = scoresAt + blocks * BLOCK_ROWS * 4;
  const { memory, run } = instantiate(DOTS, highestAt + blocks * 4);
  const rows = new Int16Array(memory, rowsAt, blocks * BLOCK_ROWS * pairs * 2);
  return {
    probe: new Int16Array(memory, 0, dimension),
    scores: new Int32Array(memory, scoresAt, blocks * BLOCK_ROWS),
    highest: new Int32Array(memory, highestAt, blocks),
    put: (row, vector) => {
      const first = (Math.floor(row / BLOCK_ROWS) * BLOCK_ROWS * pairs + (row % BLOCK_ROWS)) * 2;
      vector.forEach((value, index) => {
        rows[first + (index >> 1) * BLOCK_ROWS * 2 + (index & 1)] = value;
      });
    },
    run: () => void run(rowsAt, scoresAt, probeBytes, scoresAt, highestAt),
  };
}

function plainDots(vectors: number, dimension: number): Dots {
  const blocks = Math.ceil(vectors / BLOCK_ROWS);
  const rows = new Int16Array(blocks * BLOCK_ROWS * dimension);
  const probe = new Int16Array(dimension);
  const scores = new Int32Array(blocks * BLOCK_ROWS);
  const highest = new Int32Array(blocks);
  const run = (): void => {
    // The least that 32 bits hold: below every score.
    highest.fill(-(2 ** 31));
    for (let row = 0, at = 0; row < scores.length; row++) {
      let sum = 0;
      for (let i = 0; i < dimension; i++, at++) sum += (rows[at] as number) * (probe[i] as number);
      scores[row] = sum;
      const block = Math.floor(row / BLOCK_ROWS);
      highest[block] = Math.max(highest[block] as number, sum);
    }
  };
  return { put: (row, vector) => rows.set(vector, row * dimension), probe, scores, highest, run };
}
