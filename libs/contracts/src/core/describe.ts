import { JSONSchema } from 'class-validator-jsonschema';

/**
 * Property decorator: what the field means, its unit and an example, for OpenAPI and AsyncAPI; and its format, where what
 * the validator would call it says less than it takes.
 */
export function Describe(description: string, example?: unknown, format?: string): PropertyDecorator {
  return JSONSchema({
    description,
    ...(example === undefined ? {} : { examples: [example] }),
    ...(format === undefined ? {} : { format }),
  }) as PropertyDecorator;
}
