import type { Class } from '../event';
import { isRecord, valueOf, type Json } from './json';
import { planOf, type Field } from './plan';
import { unsafePart } from './unsafe-part';

export const REFUSED = Symbol('refused');

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
export function make(cls: Class<object>, value: unknown, maxDepth: number): object | typeof REFUSED {
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
