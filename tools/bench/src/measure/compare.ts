import { median } from './percentiles';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

export interface Pair<T> {
  readonly ours: T;
  readonly floor: T;
}

/** Our value over the floor's, round by round: neighbours in time saw the same noise of the machine. */
export function ratios<T>(rounds: readonly Pair<T>[], value: (result: T) => number): Spread {
  return spread(rounds.map(({ ours, floor }) => value(ours) / value(floor)));
}

/**
 * A round of both. Who begins changes from round to round (ABBAABBA…), so that a machine that gets slower or faster
 * meanwhile favours neither.
 */
export function inTurn<T>(
  ours: (round: number) => Promise<T>,
  floor: (round: number) => Promise<T>,
): (round: number) => Promise<Pair<T>> {
  return async (round) => {
    if (round % 2 === 0) {
      const first = await ours(round);
      return { ours: first, floor: await floor(round) };
    }
    const first = await floor(round);
    return { ours: await ours(round), floor: first };
  };
}
