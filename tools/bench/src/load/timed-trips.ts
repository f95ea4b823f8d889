import type { Trip } from '../data/maps';
import { Samples, type Percentiles } from '../measure/percentiles';

export interface PathRound {
  readonly side: number;
  readonly trips: number;
}

export interface PathResult {
  readonly latency: Percentiles;
  /** Milliseconds of the trip from corner to corner. */
  readonly cornersMs: number;
  readonly found: number;
  /** Seconds of all trips together: two that agree planned the same. */
  readonly seconds: number;
}

/** Plans every trip once, after a tenth of them to warm up. */
export function timedTrips(trips: readonly Trip[], plan: (trip: Trip) => number | undefined): PathResult {
  for (const trip of trips.slice(0, Math.ceil(trips.length / 10))) plan(trip);
  const latency = new Samples();
  let [found, seconds, cornersMs] = [0, 0, NaN];
  for (const [index, trip] of trips.entries()) {
    const before = performance.now();
    const eta = plan(trip);
    const ms = performance.now() - before;
    latency.add(ms);
    if (index === 0) cornersMs = ms;
    if (eta === undefined) continue;
    found += 1;
    seconds += eta;
  }
  return { latency: latency.summary(), cornersMs, found, seconds };
}
