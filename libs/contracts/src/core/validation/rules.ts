import * as cv from 'class-validator';

export type Metadata = ReturnType<cv.MetadataStorage['getTargetValidationMetadatas']>[number];
export type Rule = (value: unknown) => boolean;

type MakeRule = (constraints: readonly unknown[]) => Rule;

const bare =
  (predicate: Rule): MakeRule =>
  () =>
    predicate;

// A decorator stores its own arguments as the constraints, so they have the types that its predicate wants.
const withOne =
  <A>(predicate: (value: unknown, a: A) => boolean): MakeRule =>
  ([a]) =>
  (value) =>
    predicate(value, a as A);

const withTwo =
  <A, B>(predicate: (value: unknown, a: A, b: B) => boolean): MakeRule =>
  ([a, b]) =>
  (value) =>
    predicate(value, a as A, b as B);

function matching([pattern, modifiers]: readonly unknown[]): Rule {
  // A global or sticky expression keeps state between calls: leave those to class-validator.
  if (pattern instanceof RegExp && !modifiers && !pattern.global && !pattern.sticky) {
    return (value) => typeof value === 'string' && pattern.test(value);
  }
  return (value) => cv.matches(value as string, pattern as string, modifiers as string);
}

/** class-validator's own predicates, by decorator: agreeing with it is then a matter of wiring only. */
const COMPILED: Record<string, MakeRule> = {
  isString: bare((value) => typeof value === 'string'),
  isBoolean: bare((value) => typeof value === 'boolean'),
  isInt: bare((value) => Number.isInteger(value)),
  isNumber: withOne(cv.isNumber),
  isArray: bare((value) => Array.isArray(value)),
  isObject: bare((value) => cv.isObject(value)),
  isDefined: bare((value) => value !== undefined && value !== null),
  isNotEmpty: bare((value) => cv.isNotEmpty(value)),
  isUuid: withOne(cv.isUUID),
  matches: matching,
  isLength: withTwo(cv.length),
  minLength: withOne(cv.minLength),
  maxLength: withOne(cv.maxLength),
  min: withOne(cv.min),
  max: withOne(cv.max),
  isPositive: bare((value) => cv.isPositive(value)),
  isNegative: bare((value) => cv.isNegative(value)),
  isIn: withOne(cv.isIn),
  isNotIn: withOne(cv.isNotIn),
  isEnum: withOne(cv.isEnum),
  equals: withOne(cv.equals),
  isIso8601: withOne(cv.isISO8601),
  isBase64: withOne(cv.isBase64),
  isEmail: withOne(cv.isEmail),
  isUrl: withOne((value, options: Parameters<typeof cv.isURL>[1]) => cv.isURL(value as string, options)),
  arrayMinSize: withOne(cv.arrayMinSize),
  arrayMaxSize: withOne(cv.arrayMaxSize),
  arrayNotEmpty: bare((value) => cv.arrayNotEmpty(value)),
};

/** The compiled form of one decorator; undefined when it has none and class-validator has to judge. */
export function ruleOf(metadata: Metadata): Rule | undefined {
  if (metadata.groups?.length || metadata.validateIf) return undefined;
  const { name } = metadata;
  const make = name !== undefined && Object.hasOwn(COMPILED, name) ? COMPILED[name] : undefined;
  const rule = make?.(metadata.constraints ?? []);
  if (rule === undefined || !metadata.each) return rule;
  return (value) => (Array.isArray(value) ? value.every(rule) : rule(value));
}
