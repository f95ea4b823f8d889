/**
 * A WebAssembly function, made for one length of vector and written out instruction by instruction: dot products of a probe with
 * rows that lie one after the other. 128-bit SIMD; four sums in turn, so that no addition waits for the one before. Memory is read
 * from one end to the other: several rows at a time would load the probe less often, and take twice as long where the gallery is
 * larger than the processor's caches. A row is a short loop: written out in full, its instructions take twice as long to decode
 * as to carry out.
 */
const SIMD = 0xfd;
/** Sums of four floats each, one load a turn. */
const SUMS = 4;
const TURN_BYTES = SUMS * 16;
/** Floats a turn of the loop: rows and the probe are a multiple of them long. */
export const DOTS_UNIT = SUMS * 4;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const i32 = (value: number) => [0x41, ...signed(value)];
const load = (offset: number) => [SIMD, 0x00, 4, ...leb(offset)]; // v128.load align=16
const ZERO = [SIMD, 0x0c, ...Array<number>(16).fill(0)]; // v128.const
const F32X4_ADD = [SIMD, 0xe4, 0x01];
const F32X4_MUL = [SIMD, 0xe6, 0x01];
const lane = (index: number) => [SIMD, 0x1f, index]; // f32x4.extract_lane
const F32_ADD = [0x92];
const storeF32 = (offset: number) => [0x38, 2, ...leb(offset)];
const I32_ADD = [0x6a];
const LESS = [0x49]; // i32.lt_u
const AGAIN = [0x0d, 0]; // br_if 0

// (param $row i32, $end i32, $out i32) (local $probe i32) (local $sum0..3 v128)
const [ROW, END, OUT, PROBE, SUM] = [0, 1, 2, 3, 4];
const PROBE_AT = 0;

/**
 * Imports `env.memory`; the probe lies at its byte 0. Exports `dots(row, end, out)`: for the rows of `dimension` floats from byte
 * `row` to `end` (at least one row), one float each from byte `out`. `dimension`: a multiple of DOTS_UNIT.
 */
export function dotsModule(dimension: number): Uint8Array {
  const sums = Array.from({ length: SUMS }, (_, sum) => SUM + sum);
  // prettier-ignore
  const body = [
    // The locals: 1 × i32, 4 × v128.
    2, 1, 0x7f, SUMS, 0x7b,
    // loop over the rows
    0x03, 0x40,
    ...sums.flatMap((sum) => [...ZERO, ...set(sum)]),
    ...i32(PROBE_AT), ...set(PROBE),
    // loop over a row
    0x03, 0x40,
    ...sums.flatMap((sum, i) => [
      ...get(sum), ...get(ROW), ...load(i * 16), ...get(PROBE), ...load(i * 16), ...F32X4_MUL, ...F32X4_ADD, ...set(sum),
    ]),
    ...get(ROW), ...i32(TURN_BYTES), ...I32_ADD, ...set(ROW),
    ...get(PROBE), ...i32(TURN_BYTES), ...I32_ADD, ...set(PROBE),
    ...get(PROBE), ...i32(PROBE_AT + dimension * 4), ...LESS, ...AGAIN,
    0x0b,
    ...get(SUM), ...get(SUM + 1), ...F32X4_ADD, ...get(SUM + 2), ...get(SUM + 3), ...F32X4_ADD, ...F32X4_ADD, ...set(SUM),
    ...get(OUT),
    ...get(SUM), ...lane(0), ...get(SUM), ...lane(1), ...F32_ADD,
    ...get(SUM), ...lane(2), ...get(SUM), ...lane(3), ...F32_ADD, ...F32_ADD,
    ...storeF32(0),
    // $out += 4; again while $row < $end
    ...get(OUT), ...i32(4), ...I32_ADD, ...set(OUT),
    ...get(ROW), ...get(END), ...LESS, ...AGAIN,
    0x0b,
    0x0b,
  ];
  return Uint8Array.from([
    ...Buffer.from('\0asm'),
    ...[1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0]),
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('dots'), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

function section(id: number, bytes: number[]): number[] {
  return [id, ...leb(bytes.length), ...bytes];
}

/** LEB128, unsigned. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/** LEB128 of a number that is not negative, where it is read as signed: the last byte's sixth bit stays clear. */
function signed(value: number): number[] {
  const bytes = leb(value);
  const last = bytes.at(-1) ?? 0;
  return last & 64 ? [...bytes.slice(0, -1), last | 128, 0] : bytes;
}
