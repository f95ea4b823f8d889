/** A schema or table name that may be put into SQL text. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new RangeError(`not a plain SQL identifier: ${name}`);
  return name;
}
