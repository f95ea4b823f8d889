import {
  againIf,
  functionModule,
  I32,
  i32,
  i8x16,
  ifElse,
  loop,
  RETURN,
  V128,
  v128,
  variables,
  type Instruction,
} from '@teleop/wasm';

export const STEP_BYTES = 64;

const v = variables(
  { end: I32 },
  { at: I32, bytes: V128, space: V128, quote: V128, backslash: V128, del: V128 },
);
const bytesOf = (character: number): Instruction[] => [i32.const(character), i8x16.splat];

/**
 * `run(end)`: how far its bytes 0 to `end` (a multiple of 64, not 0) go on that need no closer look in a JSON string: a multiple
 * of 64. Those that do: control characters and everything beyond ASCII (below 0x20 as signed bytes), DEL, the quote and the
 * backslash.
 */
export const CLEAN_PREFIX = functionModule({
  variables: v,
  result: I32,
  body: [
    ...[...bytesOf(0x20), v.set('space'), ...bytesOf(0x22), v.set('quote')],
    ...[...bytesOf(0x5c), v.set('backslash'), ...bytesOf(0x7f), v.set('del')],
    ...loop(
      ...ifElse(
        [
          ...[0, 16, 32, 48].flatMap((offset) => [
            ...[v.get('at'), v128.load(offset), v.set('bytes')],
            ...[v.get('bytes'), v.get('space'), i8x16.ltS],
            ...[v.get('bytes'), v.get('quote'), i8x16.eq, v128.or],
            ...[v.get('bytes'), v.get('backslash'), i8x16.eq, v128.or],
            ...[v.get('bytes'), v.get('del'), i8x16.eq, v128.or],
            ...(offset === 0 ? [] : [v128.or]),
          ]),
          v128.anyTrue,
        ],
        [v.get('at'), RETURN],
      ),
      ...v.add('at', i32.const(STEP_BYTES)),
      ...againIf(v.get('at'), v.get('end'), i32.ltU),
    ),
    v.get('at'),
  ],
});
