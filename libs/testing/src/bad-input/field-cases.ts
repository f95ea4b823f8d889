import { ANSWERED, invalid, refused, type BadRequest, type Expectation } from './bad-request';
import type { Context } from './context';
import { hostileValues, type HostileValue } from './hostile-values';
import type { Operation, Schema } from './operations';

/** Every property of every body, with every hostile value in the place of a good one. */
export function fieldCases(context: Context): BadRequest[] {
  return context.operations.flatMap((operation) =>
    context
      .properties(operation)
      .flatMap(([field, schema, required]) =>
        hostileValues(context.good(field)).map((value) =>
          fieldCase(context, operation, { field, schema, required }, value),
        ),
      ),
  );
}

interface Field {
  readonly field: string;
  readonly schema: Schema;
  readonly required: boolean;
}

function fieldCase(context: Context, operation: Operation, field: Field, value: HostileValue): BadRequest {
  const json = context.bodyWith(operation, { [field.field]: value.json });
  return {
    name: `${operation.name} with ${field.field}: ${value.name}`,
    operation,
    request: context.request(operation, { json }),
    expected: json.length > context.bodyLimit ? refused(413) : expectedOf(context, field, value.json),
  };
}

/** What the document says about a value of a field; `json` undefined: left out. */
export function expectedOf(
  context: Context,
  { field, schema, required }: Field,
  json: string | undefined,
): Expectation {
  if (json === undefined) return required ? invalid(field) : ANSWERED;
  if (context.oracle.accepts(schema, JSON.parse(json))) return ANSWERED;
  return pollutes(json) ? invalid(field, 'body') : invalid(field);
}

/** Keys that pollute prototypes are refused by the JSON parser already, wherever they are; it knows no field. */
export function pollutes(json: string): boolean {
  return /"__proto__"\s*:|"constructor"\s*:\s*\{\s*"prototype"\s*:/.test(json);
}
