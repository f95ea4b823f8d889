import { getMetadataStorage } from 'class-validator';
import { schemasOfClasses, type JsonSchema } from '@teleop/contracts';

export const SCHEMA_PREFIX = '#/components/schemas/';

type Properties = Record<string, JsonSchema>;

function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema['type'] === 'string') {
    const values = schema['enum'];
    return {
      ...schema,
      type: [schema['type'], 'null'],
      ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }),
    };
  }
  if (Array.isArray(schema['enum'])) return { ...schema, enum: [...(schema['enum'] as unknown[]), null] };
  return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };
}

/** Class names with their fields that are @IsOptional: class-validator takes null for them as well as nothing. */
function optionalFields(): Map<string, Set<string>> {
  const storage = getMetadataStorage();
  // No accessor lists the classes; class-validator-jsonschema reads the same member.
  const { validationMetadatas } = storage as unknown as { validationMetadatas: Map<unknown, unknown> };
  const found = new Map<string, Set<string>>();
  for (const target of validationMetadatas.keys()) {
    if (typeof target !== 'function') continue;
    const optional = storage
      .getTargetValidationMetadatas(target, '', false, false)
      .filter((metadata) => metadata.name === 'isOptional')
      .map((metadata) => metadata.propertyName);
    found.set(target.name, new Set(optional));
  }
  return found;
}

/** JSON Schemas of all class-validator classes, the one truth about what is accepted. */
export function validationSchemas(): Record<string, JsonSchema> {
  const optional = optionalFields();
  const schemas = schemasOfClasses(SCHEMA_PREFIX);
  for (const [name, schema] of Object.entries(schemas)) {
    const properties = (schema['properties'] ?? {}) as Properties;
    for (const field of optional.get(name) ?? []) {
      if (properties[field] !== undefined) properties[field] = nullable(properties[field]);
    }
  }
  return schemas;
}

function refsIn(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === '$ref' && typeof part === 'string' && part.startsWith(SCHEMA_PREFIX))
      found.add(part.slice(SCHEMA_PREFIX.length));
    else refsIn(part, found);
  }
}

/** Only the schemas that `root` refers to, directly or through each other. Throws when one does not exist. */
export function reachableSchemas(
  root: unknown,
  all: Readonly<Record<string, JsonSchema>>,
): Record<string, JsonSchema> {
  const found = new Set<string>();
  refsIn(root, found);
  const reachable: Record<string, JsonSchema> = {};
  // A Set may grow while it is walked.
  for (const name of found) {
    const schema = all[name];
    if (schema === undefined)
      throw new Error(`OpenAPI: ${name} is referred to but has no validation decorators`);
    reachable[name] = schema;
    refsIn(schema, found);
  }
  return Object.fromEntries(Object.entries(reachable).sort(([a], [b]) => a.localeCompare(b)));
}
