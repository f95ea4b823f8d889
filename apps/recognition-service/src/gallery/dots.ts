import { DOTS_UNIT, dotsModule } from './dots.wasm';

/** Rows of floats in one piece of memory, and their dot products with a probe. */
export interface Dots {
  /** Rows, one after the other, `stride` floats each; what is beyond a vector's length must stay 0. */
  readonly rows: Float32Array;
  readonly stride: number;
  readonly probe: Float32Array;
  /** One a row, after `run`. */
  readonly scores: Float32Array;
  run(): void;
}

const PAGE_BYTES = 65_536;

/** In WebAssembly where the processor and Node have SIMD for it, else in plain JavaScript. */
export function dotsFor(vectors: number, dimension: number, simd = hasSimd()): Dots {
  return simd && vectors > 0 ? wasmDots(vectors, dimension) : plainDots(vectors, dimension);
}

export function hasSimd(): boolean {
  return webAssembly().validate(dotsModule(DOTS_UNIT));
}

function wasmDots(vectors: number, dimension: number): Dots {
  const stride = upTo(dimension);
  const from = stride * 4;
  const end = from + vectors * stride * 4;
  const { Memory, Module, Instance } = webAssembly();
  const memory = new Memory({ initial: Math.ceil((end + vectors * 4) / PAGE_BYTES) });
  const module = new Module(dotsModule(stride));
  const { dots } = new Instance(module, { env: { memory } }).exports as {
    readonly dots: (row: number, end: number, out: number) => void;
  };
  return {
    stride,
    probe: new Float32Array(memory.buffer, 0, dimension),
    rows: new Float32Array(memory.buffer, from, vectors * stride),
    scores: new Float32Array(memory.buffer, end, vectors),
    run: () => dots(from, end, end),
  };
}

function plainDots(vectors: number, dimension: number): Dots {
  const rows = new Float32Array(vectors * dimension);
  const probe = new Float32Array(dimension);
  const scores = new Float32Array(vectors);
  const run = (): void => {
    for (let row = 0, at = 0; row < vectors; row++) {
      let sum = 0;
      for (let i = 0; i < dimension; i++, at++) sum += (rows[at] as number) * (probe[i] as number);
      scores[row] = sum;
    }
  };
  return { stride: dimension, rows, probe, scores, run };
}

/** The WebAssembly function has no remainders. */
function upTo(length: number): number {
  return Math.ceil(length / DOTS_UNIT) * DOTS_UNIT;
}

interface WebAssemblyApi {
  validate(code: Uint8Array): boolean;
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

function webAssembly(): WebAssemblyApi {
  // Node's types leave WebAssembly to the DOM's.
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}
