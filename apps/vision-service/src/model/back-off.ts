export interface BackOffSettings {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Milliseconds before try number `tries` + 1: doubling, bounded, and spread over its upper half so that calls that failed
 * together do not come back together. A server that says when to come back is believed, and what is spread then comes on top:
 * it tells all that it refuses the same moment.
 */
export function backOffMs(
  settings: BackOffSettings,
  tries: number,
  random: () => number,
  retryAfterMs = 0,
): number {
  const full = Math.min(settings.maxMs, settings.firstMs * 2 ** (tries - 1));
  const spread = (full * random()) / 2;
  return retryAfterMs > 0 ? retryAfterMs + spread : full / 2 + spread;
}
