/** A setting of the environment; an empty one counts as not set. */
export function readText(name: string, fallback: string): string {
  const value = process.env[name];
  return value === undefined || value === '' ? fallback : value;
}

export function readNumber(name: string, fallback: number): number {
  const value = Number(readText(name, String(fallback)));
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`${name} must be a number above 0\n`);
  process.exit(2);
}

export function readOneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
  const value = readText(name, fallback);
  const known = allowed.find((one) => one === value);
  if (known !== undefined) return known;
  process.stderr.write(`${name} must be one of ${allowed.join(', ')}\n`);
  process.exit(2);
}
