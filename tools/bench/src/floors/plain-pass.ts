import {
  againIf,
  F32,
  f32x4,
  functionModule,
  I32,
  i32,
  instantiate,
  loop,
  V128,
  v128,
  variables,
} from '@teleop/wasm';

const STEP_BYTES = 64;
const SUMS = ['sum0', 'sum1', 'sum2', 'sum3'] as const;
const v = variables({ end: I32 }, { at: I32, sum0: V128, sum1: V128, sum2: V128, sum3: V128 });

/**
 * The least that a look at every float of a gallery can be: all of them added up, 16 a turn in four 128-bit sums, in WebAssembly.
 * No probe, no rows, no students.
 */
const MODULE = functionModule({
  variables: v,
  result: F32,
  body: [
    ...loop(
      ...SUMS.flatMap((sum, i) => [v.get(sum), v.get('at'), v128.load(i * 16), f32x4.add, v.set(sum)]),
      ...v.add('at', i32.const(STEP_BYTES)),
      ...againIf(v.get('at'), v.get('end'), i32.ltU),
    ),
    ...SUMS.flatMap((sum, i) => (i === 0 ? [v.get(sum)] : [v.get(sum), f32x4.add])),
    f32x4.lane(0),
  ],
});

export function plainPass(floats: number): () => void {
  const bytes = Math.ceil((floats * 4) / STEP_BYTES) * STEP_BYTES;
  const { memory, run } = instantiate(MODULE, bytes);
  // Written once, or all of it would be the one page of zeros that the system keeps.
  new Float32Array(memory).fill(1);
  if (run(STEP_BYTES * 2) !== 8) throw new Error('the plain pass does not add up');
  return () => void run(bytes);
}
