/**
 * A small WebAssembly function: how far bytes go on that need no closer look in a JSON string, 64 bytes a turn. Those that do:
 * control characters and everything beyond ASCII (below 0x20 as signed bytes), DEL, the quote and the backslash. Written out
 * instruction by instruction, so that nothing has to be compiled to read or change it.
 */
const SIMD = 0xfd;
const MEMORY_PAGES = 1;
const STEP = 64;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const load = (offset: number) => [SIMD, 0x00, 4, offset]; // v128.load align=16
const splat = (byte: number) => [0x41, ...leb(byte), SIMD, 0x0f]; // i32.const; i8x16.splat
const EQ = [SIMD, 0x23];
const LT_S = [SIMD, 0x25];
const OR = [SIMD, 0x50];
const ANY_TRUE = [SIMD, 0x53];

// (param $end i32) (local $at i32) (local $space, $quote, $backslash, $del, $bytes v128)
const [END, AT, SPACE, QUOTE, BACKSLASH, DEL, BYTES] = [0, 1, 2, 3, 4, 5, 6];

// prettier-ignore
const BODY = [
  // The locals: 1 × i32, 5 × v128.
  2, 1, 0x7f, 5, 0x7b,
  ...splat(0x20), ...set(SPACE), ...splat(0x22), ...set(QUOTE),
  ...splat(0x5c), ...set(BACKSLASH), ...splat(0x7f), ...set(DEL),
  // loop: if (any of 64 bytes needs a look) return $at
  0x03, 0x40,
  ...[0, 16, 32, 48].flatMap((offset) => [
    ...get(AT), ...load(offset), ...set(BYTES),
    ...get(BYTES), ...get(SPACE), ...LT_S,
    ...get(BYTES), ...get(QUOTE), ...EQ, ...OR,
    ...get(BYTES), ...get(BACKSLASH), ...EQ, ...OR,
    ...get(BYTES), ...get(DEL), ...EQ, ...OR,
    ...(offset === 0 ? [] : OR),
  ]),
  ...ANY_TRUE, 0x04, 0x40, ...get(AT), 0x0f, 0x0b,
  // $at += 64; again while $at < $end
  ...get(AT), 0x41, ...leb(STEP), 0x6a, ...set(AT),
  ...get(AT), ...get(END), 0x49, 0x0d, 0,
  0x0b,
  ...get(AT),
  0x0b,
];

const name = (text: string) => [text.length, ...Buffer.from(text)];
const section = (id: number, bytes: number[]) => [id, ...leb(bytes.length), ...bytes];

/** Exports `memory`, and `clean(end)` over its bytes 0 to `end` (a multiple of 64, not 0): a multiple of 64. */
export const CLEAN_PREFIX_MODULE = Uint8Array.from([
  ...Buffer.from('\0asm'),
  ...[1, 0, 0, 0],
  ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]),
  ...section(3, [1, 0]),
  ...section(5, [1, 0, MEMORY_PAGES]),
  ...section(7, [2, ...name('memory'), 2, 0, ...name('clean'), 0, 0]),
  ...section(10, [1, ...leb(BODY.length), ...BODY]),
]);

/** LEB128 for 0 to 8191; the sign bit stays clear, so it serves for signed numbers too. */
function leb(value: number): number[] {
  return value < 64 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}
