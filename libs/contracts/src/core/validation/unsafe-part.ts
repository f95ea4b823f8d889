import type { Fault } from './types';

export const DEFAULT_MAX_DEPTH = 32;

// PostgreSQL stores neither NUL nor half a surrogate pair; with the u flag only unpaired halves match.
const UNSTORABLE = /[\0\ud800-\udfff]/u;
const UNSTORABLE_MESSAGE = 'must not contain NUL or unpaired surrogate characters';

/** True when the text can be stored and sent on: no NUL, no half surrogate pair. */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** Walks a value without recursion; says what of it could not be stored or would be dangerous to merge. */
export function unsafePart(root: unknown, rootPath: string, maxDepth: number): Fault | undefined {
  if (typeof root === 'string')
    return UNSTORABLE.test(root) ? { path: rootPath, message: UNSTORABLE_MESSAGE } : undefined;
  if (typeof root !== 'object' || root === null) return undefined;
  const open: [value: object, path: string, depth: number][] = [[root, rootPath, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, path, depth] = next;
    if (depth > maxDepth)
      return { path: rootPath, message: `must not be nested deeper than ${maxDepth} levels` };
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === 'string' ? UNSTORABLE.test(part) : false)
        return { path: `${path}.${key}`, message: UNSTORABLE_MESSAGE };
      if (!Array.isArray(value) && (key === '__proto__' || UNSTORABLE.test(key))) {
        return {
          path,
          message: 'must not have keys named __proto__ or with NUL or unpaired surrogate characters',
        };
      }
      if (typeof part === 'object' && part !== null) open.push([part, `${path}.${key}`, depth + 1]);
    }
  }
  return undefined;
}

/** The same safety for values without a class: text that cannot be stored, excessive depth, `__proto__` keys. */
export function faultOfFreeForm(
  value: unknown,
  path: string,
  maxDepth = DEFAULT_MAX_DEPTH,
): Fault | undefined {
  return unsafePart(value, path, maxDepth);
}
