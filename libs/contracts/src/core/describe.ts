import { JSONSchema } from 'class-validator-jsonschema';

/** Property decorator: what the field means, its unit and an example, for OpenAPI and AsyncAPI. */
export function Describe(description: string, example?: unknown): PropertyDecorator {
  return JSONSchema(
    example === undefined ? { description } : { description, examples: [example] },
  ) as PropertyDecorator;
}

/** Property decorator: the format that documents name, where the validator's own name says less than it takes. */
export function Formatted(format: string): PropertyDecorator {
  return JSONSchema({ format }) as PropertyDecorator;
}
