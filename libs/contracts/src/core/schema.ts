import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
// class-transformer does not export its storage from the index; the schema of `@Type` fields needs it.
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';

export type JsonSchema = Record<string, unknown>;

/**
 * JSON Schemas of every class-validator class loaded so far, by class name, nested ones by `$ref`.
 * `refPrefix` is where the document keeps them, e.g. `#/components/schemas/`.
 */
export function schemasOfClasses(refPrefix = '#/components/schemas/'): Record<string, JsonSchema> {
  return validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: refPrefix,
  }) as Record<string, JsonSchema>;
}
