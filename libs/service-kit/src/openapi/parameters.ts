import type { Class, JsonSchema } from '@teleop/contracts';
import type { Handler } from './handlers';

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: unknown;
}

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Parameters from a class: those of the query, or those of the path (which are always required). */
function fromClass(place: 'query' | 'path', cls: Class<object> | undefined, schemas: Schemas): Parameter[] {
  if (cls === undefined) return [];
  const { properties = {}, required = [] } = (schemas[cls.name] ?? {}) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }));
}

/** Headers that are read by `@Headers('x')` or documented: no pipe requires them, and credentials are `security`. */
function headersOf(found: readonly Parameter[], documented: Readonly<Record<string, string>>): Parameter[] {
  // By lower-case name: a handler reads `idempotency-key`, its documentation spells Idempotency-Key.
  const headers = new Map<string, Parameter>();
  for (const parameter of found) {
    if (parameter.in !== 'header' || parameter.name.toLowerCase() === 'authorization') continue;
    headers.set(parameter.name.toLowerCase(), { ...parameter, required: false });
  }
  for (const [name, description] of Object.entries(documented)) {
    const schema = { type: 'string' };
    headers.set(name.toLowerCase(), { name, in: 'header', required: false, description, schema });
  }
  return [...headers.values()];
}

/** The parameters of an operation: `found` by @nestjs/swagger, put right by what the pipe does with them. */
export function parametersOf(found: readonly Parameter[], handler: Handler, schemas: Schemas): Parameter[] {
  const { query, params, documentation } = handler;
  return [
    ...fromClass('path', params, schemas),
    ...(params === undefined ? found.filter((parameter) => parameter.in === 'path') : []),
    // TypeScript's `?` leaves no trace; a named query parameter is not enforced by the pipe, so it is not required.
    ...(query === undefined ? found.filter((parameter) => parameter.in === 'query') : []).map(
      (parameter) => ({
        ...parameter,
        required: false,
      }),
    ),
    ...fromClass('query', query, schemas),
    ...headersOf(found, documentation.headers ?? {}),
  ];
}
