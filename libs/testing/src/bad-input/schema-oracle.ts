import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument, Schema } from './operations';

/** Nesting that a service takes in a free-form value; see `ValidateOptions.maxDepth` of contracts. */
const MAX_DEPTH = 32;
const NUMBER = /^-?\d+(\.\d+)?$/;
const UNSTORABLE = /[\0\ud800-\udfff]/u;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Judges values by the document alone, with another implementation than the service's. */
export class SchemaOracle {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  readonly #compiled = new Map<Schema, ValidateFunction>();

  constructor(private readonly document: OpenApiDocument) {
    // Called through `default` when compiled to CommonJS by one tool and as it is by another.
    (('default' in addFormats ? addFormats.default : addFormats) as unknown as (ajv: Ajv2020) => void)(
      this.#ajv,
    );
    // ajv-formats also takes urn:uuid:…, which no UUID column or comparison of ours would.
    this.#ajv.addFormat('uuid', UUID);
    // Nor one that only the letters of RFC 3986 allow: `http://host:1,http://host:1` leads nowhere.
    const uri = this.#ajv.formats['uri'] as RegExp | ((text: string) => boolean);
    const spelled = (text: string) => (typeof uri === 'function' ? uri(text) : uri.test(text));
    this.#ajv.addFormat('uri', (text) => spelled(text) && URL.canParse(text));
  }

  /** The document accepts the value, and it could be stored and sent on. */
  accepts(schema: Schema, value: unknown): boolean {
    return isSafe(value) && this.#validator(schema)(value);
  }

  /** The same for a parameter of an address: a text, read as the number that is wanted. */
  acceptsText(schema: Schema, text: string): boolean {
    const types = [this.#resolved(schema)['type']].flat();
    const wantsNumber = types.includes('integer') || types.includes('number');
    return this.accepts(schema, wantsNumber && NUMBER.test(text) ? Number(text) : text);
  }

  /** The object schema behind `$ref`s; undefined when it is not one. */
  objectSchema(
    schema: Schema,
  ): { properties: Record<string, Schema>; required: readonly string[] } | undefined {
    const found = this.#resolved(schema);
    const properties = found['properties'] as Record<string, Schema> | undefined;
    return properties && { properties, required: (found['required'] as string[] | undefined) ?? [] };
  }

  #resolved(schema: Schema): Schema {
    const ref = schema['$ref'];
    if (typeof ref !== 'string') return schema;
    const found = ref
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((part, key) => (part as Schema | undefined)?.[key], this.document);
    if (found === undefined) throw new Error(`the OpenAPI document lacks ${ref}`);
    return this.#resolved(found as Schema);
  }

  #validator(schema: Schema): ValidateFunction {
    let validate = this.#compiled.get(schema);
    if (validate === undefined) {
      validate = this.#ajv.compile({ components: this.document.components ?? {}, ...schema });
      this.#compiled.set(schema, validate);
    }
    return validate;
  }
}

/** What PostgreSQL and JSON can carry on: no NUL, no half surrogate pair, no polluted prototype, no bottomless nesting. */
function isSafe(root: unknown): boolean {
  const open: [value: unknown, depth: number][] = [[root, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value === 'string' && UNSTORABLE.test(value)) return false;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return false;
    for (const [key, part] of Object.entries(value)) {
      if (key === '__proto__' || UNSTORABLE.test(key)) return false;
      if (key === 'constructor' && typeof part === 'object' && Object.hasOwn(part ?? {}, 'prototype'))
        return false;
      open.push([part, depth + 1]);
    }
  }
  return true;
}
