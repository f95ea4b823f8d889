/**
 * A small WebAssembly function: the smallest and the largest of many bytes, and whether there is a backslash among them, 64 bytes
 * a turn. Written out instruction by instruction, so that nothing has to be compiled to read or change it.
 */
const SIMD = 0xfd;
const MEMORY_PAGES = 2;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const load = (offset: number) => [SIMD, 0x00, 4, offset]; // v128.load align=16
const splat = (byte: number) => [0x41, ...leb(byte), SIMD, 0x0f]; // i32.const; i8x16.splat
const MIN_U = [SIMD, 0x77];
const MAX_U = [SIMD, 0x79];
const LT_U = [SIMD, 0x26];
const GE_U = [SIMD, 0x2c];
const EQ = [SIMD, 0x23];
const OR = [SIMD, 0x50];
const ANY_TRUE = [SIMD, 0x53];

// (param $end i32) (local $at i32) (local $least v128) (local $most v128) (local $mark v128)
// (local $backslashes v128)
const [END, AT, LEAST, MOST, MARK, BACKSLASHES] = [0, 1, 2, 3, 4, 5];

const BODY = [
  // The locals: 1 × i32, 4 × v128.
  2, 1, 0x7f, 4, 0x7b,
  ...splat(0x5c), ...set(BACKSLASHES),
  ...splat(0xff), ...set(LEAST),
  // loop
  0x03, 0x40,
  ...[0, 16, 32, 48].flatMap((offset) => [
    ...get(LEAST), ...get(AT), ...load(offset), ...MIN_U, ...set(LEAST),
    ...get(MOST), ...get(AT), ...load(offset), ...MAX_U, ...set(MOST),
    ...get(MARK), ...get(AT), ...load(offset), ...get(BACKSLASHES), ...EQ, ...OR, ...set(MARK),
  ]),
  // $at = $at + 64; br_if 0 ($at < $end)
  ...get(AT), 0x41, ...leb(64), 0x6a, ...set(AT),
  ...get(AT), ...get(END), 0x49, 0x0d, 0,
  0x0b,
  // any(most >= 0x7f) + 2 * any(least < 0x20) + 4 * any(mark)
  ...get(MOST), ...splat(0x7f), ...GE_U, ...ANY_TRUE,
  ...get(LEAST), ...splat(0x20), ...LT_U, ...ANY_TRUE, 0x41, 1, 0x74, 0x6a,
  ...get(MARK), ...ANY_TRUE, 0x41, 2, 0x74, 0x6a,
  0x0b,
]; // prettier-ignore

const name = (text: string) => [text.length, ...Buffer.from(text)];
const section = (id: number, bytes: number[]) => [id, ...leb(bytes.length), ...bytes];

/** Exports `memory`, and `inspect(end)` over its bytes 0 to `end` (a multiple of 64, not 0): bits of RUN. */
export const EXTREMES_MODULE = Uint8Array.from([
  ...Buffer.from('\0asm'), 1, 0, 0, 0,
  ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]),
  ...section(3, [1, 0]),
  ...section(5, [1, 0, MEMORY_PAGES]),
  ...section(7, [2, ...name('memory'), 2, 0, ...name('inspect'), 0, 0]),
  ...section(10, [1, ...leb(BODY.length), ...BODY]),
]); // prettier-ignore

/** LEB128, signed and unsigned alike for what is needed here: 0 to 8191 with a clear sign bit. */
function leb(value: number): number[] {
  if (value < 64) return [value];
  return [(value & 0x7f) | 0x80, value >> 7];
}
