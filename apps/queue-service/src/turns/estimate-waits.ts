export interface WaitingPlace {
  readonly status: 'active' | 'waiting';
  readonly remaining_seconds: number | null;
}

/**
 * Seconds until each place's turn starts, front first: what is left of the turn under way plus a usual turn for
 * everybody in between. Null when it cannot be known: the robot is taken but nobody is on it.
 *
 * `usualSeconds` is how long recent turns took; never more than a turn may take.
 */
export function estimateWaits(
  places: readonly WaitingPlace[],
  robotAvailable: boolean,
  usualSeconds: number,
): (number | null)[] {
  const active = places[0]?.status === 'active' ? places[0] : undefined;
  if (active === undefined && !robotAvailable) return places.map(() => null);
  let wait = 0;
  return places.map((place) => {
    if (place.status === 'active') {
      wait = place.remaining_seconds ?? 0;
      return 0;
    }
    const estimate = Math.round(wait);
    wait += usualSeconds;
    return estimate;
  });
}
