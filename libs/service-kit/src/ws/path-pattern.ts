export type PathMatch = (path: string) => Readonly<Record<string, string>> | undefined;

/** Exact paths with `:name` segments, e.g. `/ws/device/:deviceId`. No match for badly encoded parameters. */
export function pathPattern(pattern: string): PathMatch {
  const expected = pattern.split('/');
  return (path) => {
    const parts = path.split('/');
    if (parts.length !== expected.length) return undefined;
    const params: Record<string, string> = {};
    for (const [i, want] of expected.entries()) {
      const part = parts[i] as string;
      if (!want.startsWith(':')) {
        if (part !== want) return undefined;
        continue;
      }
      if (part === '') return undefined;
      try {
        params[want.slice(1)] = decodeURIComponent(part);
      } catch {
        return undefined;
      }
    }
    return params;
  };
}
