import type { Field } from './plan';

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueOf(field: Field, from: Json, made: Json): unknown {
  // A field that is not sent keeps what the class initialises it with.
  return Object.hasOwn(from, field.name) ? from[field.name] : made[field.name];
}
