import * as cv from 'class-validator';
import { plainToInstance, TransformationType } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import type { Class } from './event';

/** One refused field: where (dotted, `steps.3.payload`; empty for the whole) and why. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type Validated<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: Fault[] };

export interface ValidateOptions {
  /** Query parameters: strings become what the field is declared as. Bodies and messages are never converted. */
  readonly convert?: boolean;
  /** Nesting allowed in free-form values; JSON.stringify and PostgreSQL both give up on very deep ones. */
  readonly maxDepth?: number;
}

type Metadata = ReturnType<cv.MetadataStorage['getTargetValidationMetadatas']>[number];
type Rule = (value: unknown) => boolean;
type Json = Record<string, unknown>;

interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly rules: readonly Rule[];
  readonly nested: Class<object> | undefined;
  readonly kind: 'number' | 'boolean' | 'array' | 'other';
  readonly elements: 'number' | 'boolean' | 'other';
}

interface Plan {
  readonly fields: readonly Field[];
  /** False when some decorator has no compiled form: class-validator then judges every value. */
  readonly compiled: boolean;
  /** False when @Transform, @Expose, @Exclude or a discriminator needs class-transformer to build the instance. */
  readonly plain: boolean;
}

const DEFAULT_MAX_DEPTH = 32;
const MAX_ERRORS = 50;
const REFUSED = Symbol('refused');
// PostgreSQL stores neither NUL nor half a surrogate pair; with the u flag only unpaired halves match.
const UNSTORABLE = /[\0\ud800-\udfff]/u;
const UNSTORABLE_MESSAGE = 'must not contain NUL or unpaired surrogate characters';
const DECIMAL = /^-?\d{1,20}(\.\d{1,20})?$/;

/** True when the text can be stored and sent on: no NUL, no half surrogate pair. */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}

function matching(pattern: RegExp | string, modifiers?: string): Rule {
  // A global or sticky expression keeps state between calls: leave those to class-validator.
  if (pattern instanceof RegExp && !modifiers && !pattern.global && !pattern.sticky) {
    return (v) => typeof v === 'string' && pattern.test(v);
  }
  return (v) => cv.matches(v as string, pattern as string, modifiers as string);
}

/** class-validator's own predicates, by decorator: agreeing with it is then a matter of wiring only. */
const COMPILED: Record<string, (constraints: any[]) => Rule> = {
  isString: () => (v) => typeof v === 'string',
  isBoolean: () => (v) => typeof v === 'boolean',
  isInt: () => (v) => Number.isInteger(v),
  isNumber:
    ([options]) =>
    (v) =>
      cv.isNumber(v, options),
  isArray: () => (v) => Array.isArray(v),
  isObject: () => (v) => cv.isObject(v),
  isDefined: () => (v) => v !== undefined && v !== null,
  isNotEmpty: () => (v) => cv.isNotEmpty(v),
  isUuid:
    ([version]) =>
    (v) =>
      cv.isUUID(v, version),
  matches: ([pattern, modifiers]) => matching(pattern, modifiers),
  isLength:
    ([min, max]) =>
    (v) =>
      cv.length(v, min, max),
  minLength:
    ([min]) =>
    (v) =>
      cv.minLength(v, min),
  maxLength:
    ([max]) =>
    (v) =>
      cv.maxLength(v, max),
  min:
    ([min]) =>
    (v) =>
      cv.min(v, min),
  max:
    ([max]) =>
    (v) =>
      cv.max(v, max),
  isPositive: () => (v) => cv.isPositive(v),
  isNegative: () => (v) => cv.isNegative(v),
  isIn:
    ([values]) =>
    (v) =>
      cv.isIn(v, values),
  isNotIn:
    ([values]) =>
    (v) =>
      cv.isNotIn(v, values),
  isEnum:
    ([entity]) =>
    (v) =>
      cv.isEnum(v, entity),
  equals:
    ([other]) =>
    (v) =>
      cv.equals(v, other),
  isIso8601:
    ([options]) =>
    (v) =>
      cv.isISO8601(v, options),
  isBase64:
    ([options]) =>
    (v) =>
      cv.isBase64(v, options),
  isEmail:
    ([options]) =>
    (v) =>
      cv.isEmail(v, options),
  isUrl:
    ([options]) =>
    (v) =>
      cv.isURL(v as string, options),
  arrayMinSize:
    ([min]) =>
    (v) =>
      cv.arrayMinSize(v, min),
  arrayMaxSize:
    ([max]) =>
    (v) =>
      cv.arrayMaxSize(v, max),
  arrayNotEmpty: () => (v) => cv.arrayNotEmpty(v),
};

function ruleOf(metadata: Metadata): Rule | undefined {
  if (metadata.groups?.length || metadata.validateIf) return undefined;
  const make =
    metadata.name !== undefined && Object.hasOwn(COMPILED, metadata.name)
      ? COMPILED[metadata.name]
      : undefined;
  const rule = make?.(metadata.constraints ?? []);
  if (rule === undefined || !metadata.each) return rule;
  return (v) => (Array.isArray(v) ? v.every(rule) : rule(v));
}

function nestedClass(cls: Class<object>, name: string): Class<object> | undefined {
  const declared = defaultMetadataStorage.findTypeMetadata(cls, name);
  const found: unknown = declared?.typeFunction() ?? Reflect.getMetadata('design:type', cls.prototype, name);
  return typeof found === 'function' && found !== Object && found !== Array
    ? (found as Class<object>)
    : undefined;
}

function fieldOf(cls: Class<object>, name: string, all: readonly Metadata[]): Field & { compiled: boolean } {
  const storage = cv.getMetadataStorage();
  const custom = all.filter((m) => m.type === 'customValidation' || m.type === 'isDefined');
  for (const m of custom) {
    if (storage.getTargetValidatorConstraints(m.constraintCls).some((c) => c.async)) {
      throw new TypeError(`${cls.name}.${name}: an asynchronous validator would be skipped silently`);
    }
  }
  const conditions = all.filter((m) => m.type === 'conditionalValidation');
  const optional = conditions.some((m) => m.name === 'isOptional');
  const isNested = all.some((m) => m.type === 'nestedValidation');
  const nested = isNested ? nestedClass(cls, name) : undefined;
  const known = new Set([
    'customValidation',
    'isDefined',
    'conditionalValidation',
    'nestedValidation',
    'whitelistValidation',
  ]);
  const rules = custom.map(ruleOf);
  const named = (each: boolean, ...names: string[]) =>
    custom.some((m) => Boolean(m.each) === each && names.includes(m.name ?? ''));
  const type: unknown = Reflect.getMetadata('design:type', cls.prototype, name);
  const array = type === Array || named(false, 'isArray');
  const number = type === Number || named(array, 'isInt', 'isNumber');
  const boolean = type === Boolean || named(array, 'isBoolean');
  const scalar = number ? 'number' : boolean ? 'boolean' : 'other';
  return {
    name,
    optional,
    nested,
    rules: rules.filter((rule) => rule !== undefined),
    kind: array ? 'array' : scalar,
    elements: array ? scalar : 'other',
    compiled:
      rules.every((rule) => rule !== undefined) &&
      conditions.every((m) => m.name === 'isOptional' && !m.groups?.length) &&
      all.every((m) => known.has(m.type)) &&
      (!isNested || nested !== undefined),
  };
}

/** Nothing on the class or these fields asks for class-transformer: copying the declared fields builds the instance. */
function isPlain(cls: Class<object>, names: readonly string[]): boolean {
  const storage = defaultMetadataStorage;
  if (storage.getStrategy(cls) !== 'none' || storage.getExposedMetadatas(cls).length > 0) return false;
  return names.every(
    (name) =>
      storage.findTransformMetadatas(cls, name, TransformationType.PLAIN_TO_CLASS).length === 0 &&
      storage.findTypeMetadata(cls, name)?.options?.discriminator === undefined,
  );
}

const plans = new WeakMap<Class<object>, Plan>();

function planOf(cls: Class<object>): Plan {
  const known = plans.get(cls);
  if (known !== undefined) return known;
  const storage = cv.getMetadataStorage();
  const metadatas = storage.getTargetValidationMetadatas(cls, '', false, false);
  if (metadatas.length === 0) throw new TypeError(`${cls.name} declares no validation`);
  const grouped = storage.groupByPropertyName(metadatas);
  const fields = Object.keys(grouped).map((name) => fieldOf(cls, name, grouped[name] ?? []));
  const plain = isPlain(cls, Object.keys(grouped));
  const plan = { fields, plain, compiled: plain && fields.every((field) => field.compiled) };
  plans.set(cls, plan);
  return plan;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks a value without recursion; says what of it could not be stored or would be dangerous to merge. */
function unsafePart(root: unknown, rootPath: string, maxDepth: number): Fault | undefined {
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

function valueOf(field: Field, from: Json, made: Json): unknown {
  // A field that is not sent keeps what the class initialises it with.
  return Object.hasOwn(from, field.name) ? from[field.name] : made[field.name];
}

function makeNested(cls: Class<object>, value: unknown, field: Field, maxDepth: number): unknown {
  if (field.kind !== 'array') return make(cls, value, maxDepth - 1);
  if (!Array.isArray(value)) return REFUSED;
  const made: unknown[] = [];
  for (const part of value) {
    const element = make(cls, part, maxDepth - 1);
    if (element === REFUSED) return REFUSED;
    made.push(element);
  }
  return made;
}

/** The compiled check: a new instance with the declared fields only, or REFUSED without saying why. */
function make(cls: Class<object>, value: unknown, maxDepth: number): object | typeof REFUSED {
  const plan = planOf(cls);
  if (!plan.compiled || !isRecord(value) || maxDepth < 1) return REFUSED;
  const made = new cls() as Json;
  for (const field of plan.fields) {
    let part = valueOf(field, value, made);
    if (!(field.optional && (part === undefined || part === null))) {
      for (const rule of field.rules) if (!rule(part)) return REFUSED;
      if (field.nested !== undefined && part !== undefined) {
        part = makeNested(field.nested, part, field, maxDepth);
        if (part === REFUSED) return REFUSED;
      } else if (unsafePart(part, field.name, maxDepth) !== undefined) return REFUSED;
    }
    if (part !== undefined) made[field.name] = part;
  }
  return made;
}

function buildNested(
  cls: Class<object>,
  value: unknown,
  field: Field,
  path: string,
  depth: number,
  faults: Fault[],
): unknown {
  const one = (part: unknown, at: string) => {
    if (isRecord(part)) return build(cls, part, `${at}.`, depth - 1, faults);
    // class-validator lets null and nested arrays through here; a handler would fall over them.
    faults.push({ path: at, message: 'must be an object' });
    return part;
  };
  if (!Array.isArray(value)) {
    if (field.kind !== 'array' || !isRecord(value)) return isRecord(value) ? one(value, path) : value;
    faults.push({ path, message: `${field.name} must be an array` });
    return value;
  }
  if (field.kind === 'array') return value.map((part, i) => one(part, `${path}.${i}`));
  faults.push({ path, message: 'must be an object' });
  return value;
}

/** The instance that class-validator judges; what it would overlook is added to `faults`. */
function build(cls: Class<object>, value: Json, prefix: string, depth: number, faults: Fault[]): object {
  const plan = planOf(cls);
  const unsafe = (part: unknown, path: string) => {
    const fault = unsafePart(part, path, depth);
    if (fault !== undefined) faults.push(fault);
    return fault !== undefined;
  };
  if (depth < 1) {
    faults.push({ path: prefix.slice(0, -1), message: 'is nested too deeply' });
    return new cls();
  }
  if (!plan.plain) return unsafe(value, prefix.slice(0, -1)) ? new cls() : plainToInstance(cls, value);
  const made = new cls() as Json;
  for (const field of plan.fields) {
    const path = prefix + field.name;
    const part = valueOf(field, value, made);
    if (part === undefined) continue;
    if (field.nested !== undefined)
      made[field.name] = buildNested(field.nested, part, field, path, depth, faults);
    else {
      unsafe(part, path);
      made[field.name] = part;
    }
  }
  return made;
}

function flatten(errors: readonly cv.ValidationError[], prefix: string, into: Fault[]): void {
  for (const error of errors) {
    const path = error.property === undefined ? prefix.slice(0, -1) : prefix + error.property;
    for (const message of Object.values(error.constraints ?? {})) into.push({ path, message });
    flatten(error.children ?? [], error.property === undefined ? prefix : `${path}.`, into);
  }
}

/** class-validator, the truth: judges what the compiled check refused and makes the messages. */
function judge<T extends object>(cls: Class<T>, value: unknown, maxDepth: number): Validated<T> {
  if (!isRecord(value)) return { ok: false, errors: [{ path: '', message: 'must be a JSON object' }] };
  const structural: Fault[] = [];
  const instance = build(cls, value, '', maxDepth, structural);
  const errors: Fault[] = [];
  flatten(cv.validateSync(instance, { whitelist: true, forbidUnknownValues: true }), '', errors);
  const named = new Set(errors.map((error) => error.path));
  errors.push(...structural.filter((fault) => !named.has(fault.path)));
  return errors.length === 0
    ? { ok: true, value: instance as T }
    : { ok: false, errors: errors.slice(0, MAX_ERRORS) };
}

function scalarFrom(text: unknown, kind: Field['elements'] | 'array'): unknown {
  if (typeof text !== 'string') return text;
  if (kind === 'number') return DECIMAL.test(text) ? Number(text) : text;
  if (kind === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
  return text;
}

function converted(cls: Class<object>, value: unknown): unknown {
  if (!isRecord(value)) return value;
  const out: Json = {};
  for (const field of planOf(cls).fields) {
    if (!Object.hasOwn(value, field.name)) continue;
    const part = value[field.name];
    if (field.kind === 'array') {
      out[field.name] = (Array.isArray(part) ? part : [part]).map((element) =>
        scalarFrom(element, field.elements),
      );
    } else out[field.name] = scalarFrom(part, field.kind);
  }
  return out;
}

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

/** The same safety for values without a class: text that cannot be stored, excessive depth, `__proto__` keys. */
export function faultOfFreeForm(
  value: unknown,
  path: string,
  maxDepth = DEFAULT_MAX_DEPTH,
): Fault | undefined {
  return unsafePart(value, path, maxDepth);
}
