import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Field {
  readonly name: string;
  /** As the client spells it: `string`, `Array<V1Container>`, `{ [key: string]: string; }`, `IntOrString`, `V1Probe`. */
  readonly type: string;
  readonly required: boolean;
}

export type Model = ReadonlyMap<string, Field>;

/** Where the fields of a type are known from. */
export interface Models {
  /** Undefined for a type that is not known. */
  of(type: string): Model | undefined;
}

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
}

/**
 * The models of the official client, read as text: `attributeTypeMap` is JSON, and the declarations say which fields may be
 * left out.
 */
export class ClientModels implements Models {
  readonly #read = new Map<string, Model | undefined>();

  constructor(private readonly folder: string) {}

  of(type: string): Model | undefined {
    if (!this.#read.has(type)) this.#read.set(type, this.read(type));
    return this.#read.get(type);
  }

  private read(type: string): Model | undefined {
    const file = path.join(this.folder, type);
    if (!/^\w+$/.test(type) || !existsSync(`${file}.js`)) return undefined;
    const attributes = /attributeTypeMap = (\[[^]*?\n\]);/.exec(readFileSync(`${file}.js`, 'utf8'))?.[1];
    if (attributes === undefined) throw new Error(`${type}: the client's model is not written as expected`);
    const declared = readFileSync(`${file}.d.ts`, 'utf8');
    const required = new Set([...declared.matchAll(/^ {4}'([^']+)': /gm)].map((match) => match[1]));
    return new Map(
      (JSON.parse(attributes) as Attribute[]).map(({ name, baseName, type: of }) => [
        baseName,
        { name: baseName, type: of, required: required.has(name) },
      ]),
    );
  }
}
