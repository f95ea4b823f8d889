export interface Majority {
  /** The count more than half of the frames agree on; undefined when there is none. */
  readonly value: number | undefined;
  /** Share of the frames that gave the most frequent count, 0..1. */
  readonly agreement: number;
}

/**
 * More than half of the frames that were to be read must agree. A frame that could not be read (undefined) counts as one
 * that does not: two readable frames of five are no majority, whatever they say.
 */
export function majority(readings: readonly (number | undefined)[]): Majority {
  const votes = new Map<number, number>();
  for (const reading of readings) {
    if (reading !== undefined) votes.set(reading, (votes.get(reading) ?? 0) + 1);
  }
  let best: { value: number; count: number } | undefined;
  for (const [value, count] of votes) {
    if (best === undefined || count > best.count) best = { value, count };
  }
  if (best === undefined) return { value: undefined, agreement: 0 };
  const wins = best.count * 2 > readings.length;
  return { value: wins ? best.value : undefined, agreement: best.count / readings.length };
}
