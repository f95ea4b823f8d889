/** Versions as lists of numbers; a missing part counts as 0. */
export type Version = readonly number[];

/**
 * The first dotted number in a server's own words: `postgres (PostgreSQL) 18.4`, `nats-server: v2.14.0`,
 * `Redis server v=7.0.15 sha=00000000:0`, `18beta2`. Null when there is none.
 */
export function parseVersion(text: string): Version | null {
  const match = /(\d+(?:\.\d+)*)/.exec(text);
  return match?.[1] ? match[1].split('.').map(Number) : null;
}

export function atLeast(version: Version, minimum: Version): boolean {
  for (let part = 0; part < Math.max(version.length, minimum.length); part++) {
    const difference = (version[part] ?? 0) - (minimum[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

export function format(version: Version): string {
  return version.join('.');
}
