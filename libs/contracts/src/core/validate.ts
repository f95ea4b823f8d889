import type { Class } from './event';
import { converted } from './validation/converted';
import { judge } from './validation/judge';
import { make, REFUSED } from './validation/make';
import type { ValidateOptions, Validated } from './validation/types';
import { DEFAULT_MAX_DEPTH } from './validation/unsafe-part';

export type { Fault, ValidateOptions, Validated } from './validation/types';
export { faultOfFreeForm, isStorableText } from './validation/unsafe-part';

/**
 * Checks an untrusted value against a class-validator class. What comes back is a new instance with the declared
 * fields only; free-form fields are shared with the input. Good values pass a compiled check (about 1 µs for a small
 * class); everything else goes to class-validator, so the answer is always its own. Throws TypeError for a class
 * without validation or with an asynchronous validator.
 */
export function validate<T extends object>(
  cls: Class<T>,
  value: unknown,
  options: ValidateOptions = {},
): Validated<T> {
  const maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
  const input = options.convert ? converted(cls, value) : value;
  const made = make(cls, input, maxDepth);
  return made === REFUSED ? judge(cls, input, maxDepth) : { ok: true, value: made as T };
}
