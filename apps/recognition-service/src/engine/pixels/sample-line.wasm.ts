import {
  againIf,
  F32,
  f32x4,
  functionModule,
  I32,
  i32,
  i32x4,
  i8x16,
  ifElse,
  loop,
  V128,
  v128,
  variables,
  type Instruction,
} from '@teleop/wasm';

/** Coordinates in 65,536ths of a pixel, weights of neighbours in 64ths. */
export const FRACTION_BITS = 16;
const WEIGHT_BITS = 6;
const WEIGHT = 1 << WEIGHT_BITS;
/** What the weights of a sample's four neighbours add up to. */
export const WHOLE = WEIGHT * WEIGHT;
/** How far a line may read beyond its last pixel. */
export const READS_BEYOND = 8;

const v = variables(
  {
    ...{ from: I32, line: I32, x: I32, y: I32, across: I32, down: I32, samples: I32, nearest: I32 },
    ...{ out: I32, end: I32, plane: I32, scale: F32, less: I32 },
  },
  {
    ...{ i: I32, j: I32, px: I32, py: I32, at: I32, fx: I32, fy: I32, se: I32, ne: I32, sw: I32 },
    ...{ sum: V128, factor: V128, mean: V128 },
  },
);
type Name = Parameters<typeof v.get>[0];

const NONE = 0xff;
/** Of two pixels: red beside red, green beside green, blue beside blue, each as a number of 16 bits. */
const PAIRS = v128.const([0, 3, 1, 4, 2, 5, NONE, NONE].flatMap((byte) => [byte, NONE]));
/** Of one: red, green, blue, each as a number of 32 bits. */
const SINGLE = v128.const([0, 1, 2, NONE].flatMap((byte) => [byte, NONE, NONE, NONE]));

const fraction = (of: Name): Instruction[] => [
  ...[v.get(of), i32.const(FRACTION_BITS - WEIGHT_BITS), i32.shrS, i32.const(WEIGHT - 1), i32.and],
];
const whole = (of: Name): Instruction[] => [v.get(of), i32.const(FRACTION_BITS), i32.shrS];
/** Two weights side by side, four times. */
const weights = (left: readonly Instruction[], right: Name): Instruction[] => [
  ...[...left, v.get(right), i32.const(16), i32.shl, i32.or, i32x4.splat],
];
/** Of a neighbour, what the weight along one axis leaves it. */
const restOf = (of: Name): Instruction[] => [
  v.get(of),
  i32.const(WEIGHT_BITS),
  i32.shl,
  v.get('se'),
  i32.sub,
];

const addNearest = [
  v.get('sum'),
  v.get('at'),
  v128.load32Zero(0),
  SINGLE,
  i8x16.swizzle,
  i32x4.add,
  v.set('sum'),
];
const addFour = [
  ...[...fraction('px'), v.set('fx'), ...fraction('py'), v.set('fy')],
  ...[v.get('fx'), v.get('fy'), i32.mul, v.set('se')],
  ...[...restOf('fy'), v.set('sw'), ...restOf('fx'), v.set('ne')],
  v.get('sum'),
  ...[v.get('at'), v128.load64Zero(0), PAIRS, i8x16.swizzle],
  ...weights([i32.const(WHOLE), v.get('se'), i32.sub, v.get('sw'), i32.sub, v.get('ne'), i32.sub], 'ne'),
  i32x4.dotI16x8,
  ...[v.get('at'), v.get('line'), i32.add, v128.load64Zero(0), PAIRS, i8x16.swizzle],
  ...[...weights([v.get('sw')], 'se'), i32x4.dotI16x8],
  ...[i32x4.add, i32x4.add, v.set('sum')],
];

/**
 * A line of a crop. `run(from, line, x, y, across, down, samples, nearest, out, end, plane, scale, less)`: for each float from byte
 * `out` to `end` and its fellows one and two `plane` bytes on, the red, green and blue of `samples`² samples, added up, times
 * `scale`, minus the three floats at byte `less`. Samples lie (`across`, `down`) apart along the line and (-`down`, `across`) apart from line to
 * line, from (`x`, `y`) on; each is the four pixels around it by their weights (WHOLE in all), or with `nearest` the one pixel
 * it lies in. Pixels of three bytes lie from byte `from` on, `line` bytes a line.
 */
export const SAMPLE_LINE = functionModule({
  variables: v,
  body: [
    ...[v.get('scale'), f32x4.splat, v.set('factor'), v.get('less'), v128.load(0), v.set('mean')],
    ...loop(
      ...[v128.zero, v.set('sum'), i32.const(0), v.set('j')],
      ...loop(
        ...[v.get('x'), v.get('j'), v.get('down'), i32.mul, i32.sub, v.set('px')],
        ...[v.get('y'), v.get('j'), v.get('across'), i32.mul, i32.add, v.set('py')],
        ...[i32.const(0), v.set('i')],
        ...loop(
          ...[...whole('py'), v.get('line'), i32.mul, ...whole('px'), i32.const(3), i32.mul, i32.add],
          ...[v.get('from'), i32.add, v.set('at')],
          ...ifElse([v.get('nearest')], addNearest, addFour),
          ...[...v.add('px', v.get('across')), ...v.add('py', v.get('down')), ...v.add('i', i32.const(1))],
          ...againIf(v.get('i'), v.get('samples'), i32.ltS),
        ),
        ...v.add('j', i32.const(1)),
        ...againIf(v.get('j'), v.get('samples'), i32.ltS),
      ),
      ...[v.get('sum'), f32x4.fromI32x4, v.get('factor'), f32x4.mul, v.get('mean'), f32x4.sub, v.set('sum')],
      ...[v.get('out'), v.get('sum'), v128.store32Lane(0, 0)],
      ...[v.get('out'), v.get('plane'), i32.add, v.get('sum'), v128.store32Lane(0, 1)],
      ...[v.get('out'), v.get('plane'), i32.const(2), i32.mul, i32.add, v.get('sum'), v128.store32Lane(0, 2)],
      ...v.add('out', i32.const(4)),
      ...v.add('x', v.get('across'), v.get('samples'), i32.mul),
      ...v.add('y', v.get('down'), v.get('samples'), i32.mul),
      ...againIf(v.get('out'), v.get('end'), i32.ltU),
    ),
  ],
});
