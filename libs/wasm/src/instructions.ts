/** The bytes of one instruction. */
export type Instruction = readonly number[];

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof F32 | typeof V128;

/** LEB128, unsigned. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/** LEB128, signed. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}

const simd = (opcode: number, ...rest: number[]): Instruction => [0xfd, ...unsigned(opcode), ...rest];
/** `align`: as a power of two, of what is loaded or stored; only a hint. */
const at = (align: number, offset: number): number[] => [align, ...unsigned(offset)];

export const i32 = {
  const: (value: number): Instruction => [0x41, ...signed(value)],
  add: [0x6a],
  sub: [0x6b],
  mul: [0x6c],
  and: [0x71],
  or: [0x72],
  shl: [0x74],
  /** Keeps the sign. */
  shrS: [0x75],
  ltS: [0x48],
  ltU: [0x49],
} as const;

export const v128 = {
  const: (bytes: readonly number[]): Instruction => simd(0x0c, ...bytes),
  zero: simd(0x0c, ...Array<number>(16).fill(0)),
  load: (offset: number): Instruction => simd(0x00, ...at(4, offset)),
  /** 4 bytes in each of the four lanes. */
  load32Splat: (offset: number): Instruction => simd(0x09, ...at(2, offset)),
  /** 4 bytes, and zeros. */
  load32Zero: (offset: number): Instruction => simd(0x5c, ...at(0, offset)),
  /** 8 bytes, and zeros. */
  load64Zero: (offset: number): Instruction => simd(0x5d, ...at(0, offset)),
  store: (offset: number): Instruction => simd(0x0b, ...at(4, offset)),
  store32Lane: (offset: number, lane: number): Instruction => simd(0x5a, ...at(2, offset), lane),
  or: simd(0x50),
  anyTrue: simd(0x53),
} as const;

export const i8x16 = {
  splat: simd(0x0f),
  eq: simd(0x23),
  ltS: simd(0x25),
  /** Bytes of the first (0 to 15) and the second (16 to 31) by 16 indexes. */
  shuffle: (indexes: readonly number[]): Instruction => simd(0x0d, ...indexes),
  /** Bytes of the first by the indexes in the second; 0 for indexes from 16 on. */
  swizzle: simd(0x0e),
} as const;

export const i32x4 = {
  splat: simd(0x11),
  add: simd(0xae),
  maxS: simd(0xb8),
  /** Of signed numbers of 16 bits: products of neighbours, added up in pairs. */
  dotI16x8: simd(0xba),
} as const;

export const f32x4 = {
  splat: simd(0x13),
  lane: (index: number): Instruction => simd(0x1f, index),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  fromI32x4: simd(0xfa),
} as const;

/** Runs once, and again while an `againIf` in it says so. */
export function loop(...body: Instruction[]): Instruction[] {
  return [[0x03, 0x40], ...body, [0x0b]];
}

/** Directly in a loop, not in an `ifElse` of it. */
export function againIf(...condition: Instruction[]): Instruction[] {
  return [...condition, [0x0d, 0]];
}

export function ifElse(
  condition: readonly Instruction[],
  then: readonly Instruction[],
  otherwise: readonly Instruction[] = [],
): Instruction[] {
  return [
    ...condition,
    [0x04, 0x40],
    ...then,
    ...(otherwise.length > 0 ? [[0x05], ...otherwise] : []),
    [0x0b],
  ];
}

export const RETURN: Instruction = [0x0f];
