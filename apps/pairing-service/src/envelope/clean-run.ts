import { EXTREMES_MODULE } from './extremes.wasm';

/** What a run of bytes inside a JSON string holds, as bits. */
export const RUN = { clean: 0, beyondAscii: 1, control: 2, backslash: 4 } as const;

/** Below this length the copy into WebAssembly's memory costs more than it saves. */
const LONG = 128;
const WINDOW_BYTES = 16 * 1024;
const STEP = 64;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DEL = 0x7f;

const { memory, inspect } = instance();
const window = new Uint8Array(memory.buffer, 0, WINDOW_BYTES + STEP);

/**
 * Bits of RUN. A snapshot is one string of hundreds of kilobytes: a loop over its bytes would take as long as its HMAC, and
 * Node has no native search for control characters. `beyondAscii` covers DEL too, which Python escapes.
 */
export function inspectRun(bytes: Buffer, from: number, to: number): number {
  if (to - from < LONG) return inspectBytes(bytes, from, to);
  let found = 0;
  for (let at = from; at < to; at += WINDOW_BYTES) {
    const length = Math.min(WINDOW_BYTES, to - at);
    window.set(bytes.subarray(at, at + length));
    const end = (length + STEP - 1) & -STEP;
    window.fill(SPACE, length, end);
    found |= inspect(end);
  }
  return found;
}

/** The same, one byte after the other. */
export function inspectBytes(bytes: Buffer, from: number, to: number): number {
  let found: number = RUN.clean;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte >= DEL) found |= RUN.beyondAscii;
    else if (byte < SPACE) found |= RUN.control;
    else if (byte === BACKSLASH) found |= RUN.backslash;
  }
  return found;
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly inspect: (end: number) => number;
}

interface WebAssemblyApi {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

function instance(): Exports {
  // Node's types leave WebAssembly to the DOM's.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  return new WebAssembly.Instance(new WebAssembly.Module(EXTREMES_MODULE)).exports as Exports;
}
