import { JSONSchema } from 'class-validator-jsonschema';

/** Property decorator: what the field means, its unit and an example, for OpenAPI and AsyncAPI. */
export function Describe(description: string, example?: unknown): PropertyDecorator {
  return JSONSchema(
    example === undefined ? { description } : { description, examples: [example] },
  ) as PropertyDecorator;
}
