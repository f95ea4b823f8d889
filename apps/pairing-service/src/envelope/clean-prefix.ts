import { instantiate } from '@teleop/wasm';
import { CLEAN_PREFIX } from './clean-prefix.wasm';

/** What is looked over at once: more would not stay in the processor's nearest cache between the copy and the look. */
export const MAX_WINDOW_BYTES = 16 * 1024;

const { memory, run } = instantiate(CLEAN_PREFIX, MAX_WINDOW_BYTES);
const window = new Uint8Array(memory);

/**
 * How many of the `length` bytes from `at` on (a multiple of 64, up to MAX_WINDOW_BYTES) need no closer look in a JSON string:
 * printable ASCII but `"` and `\`. Rounded down to 64. A snapshot is one string of hundreds of kilobytes, and a loop over its bytes would
 * take as long as its HMAC.
 */
export function cleanPrefix(bytes: Buffer, at: number, length: number): number {
  window.set(bytes.subarray(at, at + length));
  return run(length);
}
