/** Python's `json.dumps(value, sort_keys=True, separators=(",", ":"))`: what the kiosk signs. */
export function pythonCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonCanonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => byCodePoints(a, b));
    return `{${members.map(([key, part]) => `${ascii(key)}:${pythonCanonical(part)}`).join(',')}}`;
  }
  return typeof value === 'string' ? ascii(value) : JSON.stringify(value);
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
