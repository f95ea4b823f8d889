import type { CameraCounts, Counts, Moved } from '../judging/counts';

/** More than any tray holds; a larger count is a slip of the model, not a sight. */
const MAX_COUNT = 100;

export type PairAnswer = CameraCounts & { readonly moved: Moved };

function object(properties: Record<string, object>): Record<string, unknown> {
  // Strict mode wants every property required and no others.
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

const INTEGER = { type: 'integer' };
const COUNTS = object({ left: INTEGER, right: INTEGER });

export const SINGLE_FRAME = { name: 'frame_counts', schema: COUNTS } as const;
export const PAIR = {
  name: 'pair_counts',
  schema: object({ start: COUNTS, end: COUNTS, moved: object({ l_to_r: INTEGER, r_to_l: INTEGER }) }),
} as const;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COUNT;

export function countsOf(value: unknown): Counts | undefined {
  if (!isObject(value)) return undefined;
  const { left, right } = value;
  return isCount(left) && isCount(right) ? { left, right } : undefined;
}

export function pairOf(value: unknown): PairAnswer | undefined {
  if (!isObject(value)) return undefined;
  const start = countsOf(value['start']);
  const end = countsOf(value['end']);
  const { l_to_r, r_to_l } = isObject(value['moved']) ? value['moved'] : {};
  if (start === undefined || end === undefined || !isCount(l_to_r) || !isCount(r_to_l)) return undefined;
  return { start, end, moved: { l_to_r, r_to_l } };
}
