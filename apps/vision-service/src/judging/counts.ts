/** Objects seen to the left and to the right of the scene's divide. */
export interface Counts {
  readonly left: number;
  readonly right: number;
}

export interface CameraCounts {
  readonly start: Counts;
  readonly end: Counts;
}

/** What a model says was moved between two pictures. Told, never paid: payment follows the counts. */
export interface Moved {
  readonly l_to_r: number;
  readonly r_to_l: number;
}

export type Side = 'start' | 'end';
export const SIDES: readonly Side[] = ['start', 'end'];
export type Hand = keyof Counts;
export const HANDS: readonly Hand[] = ['left', 'right'];

/** Counts of one camera as far as they could be had. */
export type PartialCounts = Partial<Readonly<Record<Side, Counts>>>;

export type ByCamera<T> = Readonly<Record<string, T>>;

export function isComplete(counts: PartialCounts | undefined): counts is CameraCounts {
  return counts?.start !== undefined && counts.end !== undefined;
}
