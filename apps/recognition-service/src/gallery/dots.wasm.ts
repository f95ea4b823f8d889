/**
 * A WebAssembly function, made for one length of vector and written out instruction by instruction: dot products of a probe with
 * rows that lie one after the other, four rows a turn so that the probe is loaded once for four. 128-bit SIMD.
 */
const SIMD = 0xfd;
const ROWS = 4;

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

// (param $row i32, $end i32, $out i32) (local $sum0..3, $probe v128)
const [ROW, END, OUT, SUM, PROBE] = [0, 1, 2, 3, 7];

/**
 * Imports `env.memory`; the probe lies at its byte 0. Exports `dots(row, end, out)`: for the rows of `dimension` floats from byte
 * `row` to `end` (a multiple of four rows, not none), one float each from byte `out`. `dimension`: a multiple of 4.
 */
export function dotsModule(dimension: number): Uint8Array {
  const rowBytes = dimension * 4;
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const quads = Array.from({ length: dimension / 4 }, (_, quad) => quad * 16);
  // prettier-ignore
  const body = [
    // The locals: 5 × v128.
    1, 5, 0x7b,
    // loop
    0x03, 0x40,
    ...rows.flatMap((row) => [...ZERO, ...set(SUM + row)]),
    ...quads.flatMap((at) => [
      ...i32(0), ...load(at), ...set(PROBE),
      ...rows.flatMap((row) => [
        ...get(SUM + row),
        ...get(ROW), ...load(row * rowBytes + at), ...get(PROBE), ...F32X4_MUL,
        ...F32X4_ADD, ...set(SUM + row),
      ]),
    ]),
    ...rows.flatMap((row) => [
      ...get(OUT),
      ...get(SUM + row), ...lane(0), ...get(SUM + row), ...lane(1), ...F32_ADD,
      ...get(SUM + row), ...lane(2), ...get(SUM + row), ...lane(3), ...F32_ADD, ...F32_ADD,
      ...storeF32(row * 4),
    ]),
    // $out += 16; $row += 4 rows; again while $row < $end
    ...get(OUT), ...i32(ROWS * 4), ...I32_ADD, ...set(OUT),
    ...get(ROW), ...i32(ROWS * rowBytes), ...I32_ADD, ...set(ROW),
    ...get(ROW), ...get(END), 0x49, 0x0d, 0,
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
