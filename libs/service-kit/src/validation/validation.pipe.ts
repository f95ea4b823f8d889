import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { faultOfFreeForm, validate, type Fault } from '@teleop/contracts';
import { ProblemError } from '../errors/problem-error';

type Constructor = new () => object;
const UNTYPED: ReadonlySet<unknown> = new Set([undefined, Object, Array, String, Number, Boolean, Promise]);

function isDto(metatype: unknown): metatype is Constructor {
  return typeof metatype === 'function' && !UNTYPED.has(metatype);
}

function refuse(errors: readonly Fault[]): never {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new ProblemError(
    400,
    'VALIDATION_FAILED',
    `${first?.path ?? 'body'}: ${first?.message ?? 'is not valid'}${more}`,
    {
      errors,
    },
  );
}

/** A fault of the value as a whole is one of the body. */
export function refuseBody(errors: readonly Fault[]): never {
  refuse(errors.map((fault) => (fault.path === '' ? { ...fault, path: 'body' } : fault)));
}

function scalar(value: unknown, metatype: unknown, name: string): unknown {
  if (value === undefined) return value;
  if (Array.isArray(value) && metatype !== Array && metatype !== Object)
    refuse([{ path: name, message: 'must be given once' }]);
  if (metatype === Number) {
    if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(value as string))
      refuse([{ path: name, message: `${name} must be a number` }]);
    return Number(value);
  }
  if (metatype === Boolean) {
    if (value !== 'true' && value !== 'false')
      refuse([{ path: name, message: `${name} must be true or false` }]);
    return value === 'true';
  }
  return value;
}

/**
 * The global pipe. Classes are validated (query parameters converted by declared type, bodies never); values without a
 * class are checked for what no database or JSON could carry on.
 */
export class DtoValidationPipe implements PipeTransform {
  transform(value: unknown, { metatype, type, data }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    if (isDto(metatype) && data === undefined) {
      const result = validate(metatype, type === 'body' ? value : (value ?? {}), {
        convert: type !== 'body',
      });
      return result.ok ? result.value : refuseBody(result.errors);
    }
    const name = data ?? type;
    const fault = faultOfFreeForm(value, name);
    if (fault !== undefined) refuse([fault]);
    return type === 'body' ? value : scalar(value, metatype, name);
  }
}
