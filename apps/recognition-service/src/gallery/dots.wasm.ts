import {
  againIf,
  functionModule,
  I32,
  i32,
  i32x4,
  i8x16,
  loop,
  V128,
  v128,
  variables,
  type Instruction,
} from '@teleop/wasm';

/** Sums of four rows each. More, or several pairs a turn, and the loop's instructions take longer to decode than to carry out. */
const sums = ['sum0', 'sum1', 'sum2', 'sum3', 'sum4', 'sum5'] as const;
const SUMS = sums.length;
/**
 * Rows whose numbers lie side by side, in pairs: the first two of each, then the next two of each, and so on. Memory is read from
 * one end to the other, a pair of the probe is loaded once for all of them, and no sum has to be added up across.
 */
export const BLOCK_ROWS = SUMS * 4;

const v = variables(
  { row: I32, end: I32, probeEnd: I32, out: I32, highest: I32 },
  { probe: I32, part: V128, ...each(sums) },
);
type Name = Parameters<typeof v.get>[0];
const PROBE_AT = 0;

/** The largest of each lane. */
const largest = (names: readonly Name[]): Instruction[] =>
  names.flatMap((name, index) => [v.get(name), ...(index === 0 ? [] : [i32x4.maxS])]);
/** By so many bytes. */
const turned = (name: Name, bytes: number): Instruction[] => [
  v.get(name),
  v.get(name),
  i8x16.shuffle(Array.from({ length: 16 }, (_, index) => (index + bytes) % 16)),
];

/**
 * `run(row, end, probeEnd, out, highest)`: dot products of a probe of signed numbers of 16 bits, from byte 0 to `probeEnd`, with the
 * blocks of rows from byte `row` to `end` (at least one): one number of 32 bits a row from byte `out`, and the largest of each
 * block from byte `highest`.
 */
export const DOTS = functionModule({
  variables: v,
  body: loop(
    ...sums.flatMap((sum) => [v128.zero, v.set(sum)]),
    ...[i32.const(PROBE_AT), v.set('probe')],
    ...loop(
      ...[v.get('probe'), v128.load32Splat(0), v.set('part')],
      ...sums.flatMap((sum, index) => [
        ...[
          v.get(sum),
          v.get('row'),
          v128.load(index * 16),
          v.get('part'),
          i32x4.dotI16x8,
          i32x4.add,
          v.set(sum),
        ],
      ]),
      ...v.add('row', i32.const(SUMS * 16)),
      ...v.add('probe', i32.const(4)),
      ...againIf(v.get('probe'), v.get('probeEnd'), i32.ltU),
    ),
    ...sums.flatMap((sum, index) => [v.get('out'), v.get(sum), v128.store(index * 16)]),
    ...[...largest(sums), v.set('part')],
    ...[v.get('part'), ...turned('part', 8), i32x4.maxS, v.set('part')],
    ...[v.get('highest'), v.get('part'), ...turned('part', 4), i32x4.maxS, v128.store32Lane(0, 0)],
    ...v.add('out', i32.const(SUMS * 16)),
    ...v.add('highest', i32.const(4)),
    ...againIf(v.get('row'), v.get('end'), i32.ltU),
  ),
});

function each<N extends string>(names: readonly N[]): Record<N, typeof V128> {
  return Object.fromEntries(names.map((name) => [name, V128])) as Record<N, typeof V128>;
}
