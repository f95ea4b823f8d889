import * as cv from 'class-validator';
import { TransformationType } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import type { Class } from '../event';
import { ruleOf, type Metadata, type Rule } from './rules';

export interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly rules: readonly Rule[];
  readonly nested: Class<object> | undefined;
  readonly kind: 'number' | 'boolean' | 'array' | 'other';
  readonly elements: 'number' | 'boolean' | 'other';
}

export interface Plan {
  readonly fields: readonly Field[];
  /** False when some decorator has no compiled form: class-validator then judges every value. */
  readonly compiled: boolean;
  /** False when @Transform, @Expose, @Exclude or a discriminator needs class-transformer to build the instance. */
  readonly plain: boolean;
}

function nestedClass(cls: Class<object>, name: string): Class<object> | undefined {
  const declared = defaultMetadataStorage.findTypeMetadata(cls, name);
  const found: unknown =
    declared?.typeFunction() ?? Reflect.getMetadata('design:type', cls.prototype as object, name);
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
  const type: unknown = Reflect.getMetadata('design:type', cls.prototype as object, name);
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

export function planOf(cls: Class<object>): Plan {
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
