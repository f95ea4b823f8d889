import { CLEAN_PREFIX_MODULE } from './clean-prefix.wasm';

/** What is looked over at once: more would not stay in the processor's nearest cache between the copy and the look. */
export const MAX_WINDOW_BYTES = 16 * 1024;
export const STEP_BYTES = 64;

const { memory, clean } = instance();
const window = new Uint8Array(memory.buffer);

/**
 * How many of the `length` bytes from `at` on (a multiple of 64, up to MAX_WINDOW_BYTES) need no closer look in a JSON string:
 * printable ASCII but `"` and `\`. Rounded down to 64. A snapshot is one string of hundreds of kilobytes, and a loop over its bytes would
 * take as long as its HMAC.
 */
export function cleanPrefix(bytes: Buffer, at: number, length: number): number {
  window.set(bytes.subarray(at, at + length));
  return clean(length);
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly clean: (end: number) => number;
}

interface WebAssemblyApi {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

function instance(): Exports {
  // Node's types leave WebAssembly to the DOM's.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  return new WebAssembly.Instance(new WebAssembly.Module(CLEAN_PREFIX_MODULE)).exports as Exports;
}
