import { HANDS, SIDES, type Counts, type Hand, type PartialCounts, type Side } from './counts';
import { majority } from './majority';

/** What each frame of one side of one camera was read as; undefined: it could not be read. */
export type Readings = Readonly<Record<Side, readonly (Counts | undefined)[]>>;

export type Agreement = Readonly<Record<Side, Readonly<Record<Hand, number>>>>;

export interface CameraVote {
  /** Without a side when the frames of it have no majority for one of its counts. */
  readonly counts: PartialCounts;
  readonly agreement: Agreement;
}

/** Majority per count over the frames of one camera; abstains rather than guesses. */
export function voteCamera(readings: Readings): CameraVote {
  const counts: { start?: Counts; end?: Counts } = {};
  const agreement = { start: { left: 0, right: 0 }, end: { left: 0, right: 0 } };
  for (const side of SIDES) {
    const won: { left?: number; right?: number } = {};
    for (const hand of HANDS) {
      const result = majority(readings[side].map((reading) => reading?.[hand]));
      agreement[side][hand] = Math.round(result.agreement * 1_000) / 1_000;
      won[hand] = result.value;
    }
    const { left, right } = won;
    if (left !== undefined && right !== undefined) counts[side] = { left, right };
  }
  return { counts, agreement };
}
