/**
 * The least that a look at every float of a gallery can be: all of them added up, 16 a turn in four 128-bit sums, in WebAssembly.
 * No probe, no rows, no students.
 */
const SIMD = 0xfd;
const PAGE_BYTES = 65_536;
const STEP_BYTES = 64;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const load = (offset: number) => [SIMD, 0x00, 4, offset];
const ADD = [SIMD, 0xe4, 0x01];
const SUMS = [2, 3, 4, 5];

// (param $end i32) (result f32) (local $at i32) (local $sums 4 × v128)
// prettier-ignore
const BODY = [
  2, 1, 0x7f, 4, 0x7b,
  0x03, 0x40,
  ...SUMS.flatMap((sum, i) => [...get(sum), ...get(1), ...load(i * 16), ...ADD, ...set(sum)]),
  ...get(1), 0x41, 0xc0, 0x00, 0x6a, ...set(1),
  ...get(1), ...get(0), 0x49, 0x0d, 0,
  0x0b,
  ...get(2), ...get(3), ...ADD, ...get(4), ...ADD, ...get(5), ...ADD, SIMD, 0x1f, 0,
  0x0b,
];
const name = (text: string) => [text.length, ...Buffer.from(text)];
const section = (id: number, bytes: number[]) => [
  id,
  (bytes.length & 0x7f) | (bytes.length > 127 ? 0x80 : 0),
  ...(bytes.length > 127 ? [bytes.length >> 7] : []),
  ...bytes,
];
const MODULE = Uint8Array.from([
  ...Buffer.from('\0asm'),
  ...[1, 0, 0, 0],
  ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
  ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...name('sum'), 0, 0]),
  ...section(10, [
    1,
    ...(BODY.length > 127 ? [(BODY.length & 0x7f) | 0x80, BODY.length >> 7] : [BODY.length]),
    ...BODY,
  ]),
]);

interface WebAssemblyApi {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

export function plainPass(floats: number): () => void {
  const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const bytes = Math.ceil((floats * 4) / STEP_BYTES) * STEP_BYTES;
  const memory = new Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  // Written once, or all of it would be the one page of zeros that the system keeps.
  new Float32Array(memory.buffer).fill(1);
  const { sum } = new Instance(new Module(MODULE), { env: { memory } }).exports as {
    sum(end: number): number;
  };
  if (sum(STEP_BYTES * 2) !== 8) throw new Error('the plain pass does not add up');
  return () => void sum(bytes);
}
