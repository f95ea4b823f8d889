import * as cv from 'class-validator';
import { plainToInstance } from 'class-transformer';
import type { Class } from '../event';
import { isRecord, valueOf, type Json } from './json';
import { planOf, type Field } from './plan';
import type { Fault, Validated } from './types';
import { unsafePart } from './unsafe-part';

const MAX_ERRORS = 50;

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
    return shallow(part);
  };
  if (!Array.isArray(value)) {
    if (field.kind !== 'array' || !isRecord(value)) return isRecord(value) ? one(value, path) : value;
    faults.push({ path, message: `${field.name} must be an array` });
    return value;
  }
  if (field.kind === 'array') return value.map((part, i) => one(part, `${path}.${i}`));
  faults.push({ path, message: 'must be an object' });
  return shallow(value);
}

/** class-validator goes down into arrays of arrays as deep as they are, until the stack ends. */
function shallow(value: unknown): unknown {
  return Array.isArray(value) ? [] : value;
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
export function judge<T extends object>(cls: Class<T>, value: unknown, maxDepth: number): Validated<T> {
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
