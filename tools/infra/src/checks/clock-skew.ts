const MAX_SKEW_MS = 2_000;

/**
 * How far another clock is ahead of ours, in ms. `ask` returns its time; our time at half the round trip is what it is compared
 * with, so that a slow answer is not taken for a wrong clock.
 */
export async function measureSkew(ask: () => Promise<number>, now: () => number = Date.now): Promise<number> {
  const before = now();
  const theirs = await ask();
  return Math.round(theirs - (before + now()) / 2);
}

/** Null when the clocks agree well enough. */
export function skewWarning(who: string, skewMs: number): string | null {
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return null;
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  return (
    `WARNING clock skew: ${who} is ${(Math.abs(skewMs) / 1_000).toFixed(1)} s ${direction} this machine. ` +
    'Turns, leases and token expiry will be off by that much: synchronise the clocks (NTP).'
  );
}
