import { i32, unsigned, type Instruction, type ValueType } from './instructions';

/** A function's variables by name. */
export interface Variables<Name extends string> {
  readonly params: readonly ValueType[];
  readonly locals: readonly ValueType[];
  get(name: Name): Instruction;
  set(name: Name): Instruction;
  /** Adds to an i32; `value` leaves what is added. */
  add(name: Name, ...value: Instruction[]): Instruction[];
}

/** Locals begin as 0. */
export function variables<P extends string, L extends string>(
  params: Readonly<Record<P, ValueType>>,
  locals: Readonly<Record<L, ValueType>>,
): Variables<P | L> {
  // WebAssembly numbers the parameters first.
  const names = [...Object.keys(params), ...Object.keys(locals)];
  const get = (name: string): Instruction => [0x20, ...unsigned(names.indexOf(name))];
  const set = (name: string): Instruction => [0x21, ...unsigned(names.indexOf(name))];
  return {
    params: Object.values(params),
    locals: Object.values(locals),
    get,
    set,
    add: (name, ...value) => [get(name), ...value, i32.add, set(name)],
  };
}

export interface FunctionSource {
  readonly variables: Pick<Variables<string>, 'params' | 'locals'>;
  readonly result?: ValueType;
  readonly body: readonly Instruction[];
}

const HEADER = [...Buffer.from('\0asm'), 1, 0, 0, 0];
const FUNCTION_TYPE = 0x60;
const END = 0x0b;

/** The bytes of a module that imports `env.memory` and exports the one function as `run`. */
export function functionModule({ variables: { params, locals }, result, body }: FunctionSource): Uint8Array {
  const results = result === undefined ? [] : [result];
  const code = [
    ...vector(locals.map((type) => [1, type])),
    ...body.flatMap((instruction) => [...instruction]),
    END,
  ];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, [
      [FUNCTION_TYPE, ...vector(params.map((type) => [type])), ...vector(results.map((type) => [type]))],
    ]),
    ...section(2, [[...name('env'), ...name('memory'), 2, 0, 1]]),
    ...section(3, [[0]]),
    ...section(7, [[...name('run'), 0, 0]]),
    ...section(10, [[...unsigned(code.length), ...code]]),
  ]);
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flatMap((entry) => [...entry])];
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const bytes = vector(entries);
  return [id, ...unsigned(bytes.length), ...bytes];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}
