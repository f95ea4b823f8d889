import type { Class } from '../event';
import { isRecord, type Json } from './json';
import { planOf, type Field } from './plan';

const DECIMAL = /^-?\d{1,20}(\.\d{1,20})?$/;

function scalarFrom(text: unknown, kind: Field['elements'] | 'array'): unknown {
  if (typeof text !== 'string') return text;
  if (kind === 'number') return DECIMAL.test(text) ? Number(text) : text;
  if (kind === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
  return text;
}

/** Query parameters as their fields are declared. */
export function converted(cls: Class<object>, value: unknown): unknown {
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
