import { instantiate, isSupported } from '@teleop/wasm';
import { BLOCK_ROWS, DOTS } from './dots.wasm';

/** Rows of floats in one piece of memory, and their dot products with a probe. */
export interface Dots {
  put(row: number, vector: Float32Array): void;
  readonly probe: Float32Array;
  /** One a row, after `run`; beyond the last row, 0. */
  readonly scores: Float32Array;
  /** The largest of each BLOCK_ROWS scores. */
  readonly highest: Float32Array;
  run(): void;
}

export { BLOCK_ROWS };

/** In WebAssembly where the processor and Node have SIMD for it, else in plain JavaScript. */
export function dotsFor(vectors: number, dimension: number, simd = hasSimd()): Dots {
  return simd && vectors > 0 ? wasmDots(vectors, dimension) : plainDots(vectors, dimension);
}

export function hasSimd(): boolean {
  return isSupported(DOTS);
}

function wasmDots(vectors: number, dimension: number): Dots {
  const blocks = Math.ceil(vectors / BLOCK_ROWS);
  const rowsAt = Math.ceil(dimension / 4) * 16;
  const scoresAt = rowsAt + blocks * BLOCK_ROWS * dimension * 4;
  const highestAt = scoresAt + blocks * BLOCK_ROWS * 4;
  const { memory, run } = instantiate(DOTS, highestAt + blocks * 4);
  const rows = new Float32Array(memory, rowsAt, blocks * BLOCK_ROWS * dimension);
  return {
    probe: new Float32Array(memory, 0, dimension),
    scores: new Float32Array(memory, scoresAt, blocks * BLOCK_ROWS),
    highest: new Float32Array(memory, highestAt, blocks),
    put: (row, vector) => {
      const first = Math.floor(row / BLOCK_ROWS) * BLOCK_ROWS * dimension + (row % BLOCK_ROWS);
      vector.forEach((value, index) => {
        rows[first + index * BLOCK_ROWS] = value;
      });
    },
    run: () => void run(rowsAt, scoresAt, dimension * 4, scoresAt, highestAt),
  };
}

function plainDots(vectors: number, dimension: number): Dots {
  const blocks = Math.ceil(vectors / BLOCK_ROWS);
  const rows = new Float32Array(blocks * BLOCK_ROWS * dimension);
  const probe = new Float32Array(dimension);
  const scores = new Float32Array(blocks * BLOCK_ROWS);
  const highest = new Float32Array(blocks);
  const run = (): void => {
    highest.fill(-Infinity);
    for (let row = 0, at = 0; row < scores.length; row++) {
      let sum = 0;
      for (let i = 0; i < dimension; i++, at++) sum += (rows[at] as number) * (probe[i] as number);
      scores[row] = sum;
      const block = Math.floor(row / BLOCK_ROWS);
      highest[block] = Math.max(highest[block] as number, scores[row] as number);
    }
  };
  return { put: (row, vector) => rows.set(vector, row * dimension), probe, scores, highest, run };
}
