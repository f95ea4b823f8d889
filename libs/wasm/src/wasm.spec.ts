import fc from 'fast-check';
import {
  againIf,
  F32,
  f32x4,
  functionModule,
  I32,
  i32,
  ifElse,
  instantiate,
  isSupported,
  loop,
  RETURN,
  V128,
  v128,
  variables,
} from './index';

const identity = (value: number) =>
  functionModule({ variables: variables({}, {}), result: I32, body: [i32.const(value)] });

describe('a function written out', () => {
  it('is a constant of any size', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(instantiate(identity(value), 1).run()).toBe(value);
      }),
    );
    for (const value of [-65, -64, -1, 0, 63, 64, 127, 128, 8_191, 8_192])
      expect(instantiate(identity(value), 1).run()).toBe(value);
  });

  it('has parameters, locals, loops and branches', () => {
    const v = variables({ from: I32, to: I32 }, { odd: I32, even: I32 });
    const code = functionModule({
      variables: v,
      result: I32,
      body: [
        ...ifElse([v.get('to'), v.get('from'), i32.ltS], [i32.const(-1), RETURN]),
        ...loop(
          ...ifElse(
            [v.get('from'), i32.const(1), i32.and],
            v.add('odd', v.get('from')),
            v.add('even', v.get('from')),
          ),
          ...v.add('from', i32.const(1)),
          ...againIf(v.get('from'), v.get('to'), i32.ltS),
        ),
        v.get('odd'),
        v.get('even'),
        i32.sub,
      ],
    });
    const { run } = instantiate(code, 1);
    expect([run(0, 10), run(0, 11), run(5, 3)]).toEqual([5, -5, -1]);
  });

  it('works on memory four floats at a time', () => {
    const v = variables({ from: I32, end: I32 }, { sum: V128 });
    const code = functionModule({
      variables: v,
      result: F32,
      body: [
        ...loop(
          v.get('sum'),
          v.get('from'),
          v128.load(0),
          f32x4.add,
          v.set('sum'),
          ...v.add('from', i32.const(16)),
          ...againIf(v.get('from'), v.get('end'), i32.ltU),
        ),
        v.get('sum'),
        f32x4.lane(2),
      ],
    });
    const { memory, run } = instantiate(code, 70_000);
    expect(memory.byteLength).toBe(2 * 65_536);
    new Float32Array(memory).set([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(run(0, 32)).toBe(10);
  });

  it('is said not to be supported when it is no code', () => {
    expect(isSupported(identity(1))).toBe(true);
    expect(isSupported(identity(1).subarray(0, 20))).toBe(false);
  });
});
