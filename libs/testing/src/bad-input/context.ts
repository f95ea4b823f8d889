import type { WireRequest } from './bad-request';
import {
  headerOfScheme,
  operationsOf,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Schema,
} from './operations';
import { SchemaOracle } from './schema-oracle';

export interface BadInputOptions {
  readonly document: OpenApiDocument;
  /** A good value for every property and parameter, by name. One that is missing fails the test by its name. */
  readonly good: Readonly<Record<string, unknown>>;
  /** More values of parameters whose name means something else in another operation. */
  readonly alsoGood?: Readonly<Record<string, readonly unknown[]>>;
  /** What goes into the header of each security scheme of the document: `Bearer …`, or the bare key. */
  readonly credentials: Readonly<Record<string, string>>;
  /** More values of `Authorization` that must be refused everywhere, by what they are. */
  readonly wrongCredentials?: Readonly<Record<string, string>>;
  /** The same for keys: bare, as they stand in the header. */
  readonly wrongKeys?: Readonly<Record<string, string>>;
  /** Bytes of a JSON body; 256 KiB by default. */
  readonly bodyLimit?: number;
  /** Methods answered before routing, e.g. OPTIONS at a gateway with CORS. */
  readonly openMethods?: readonly string[];
}

interface Changes {
  readonly json?: string | Buffer | undefined;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** Headers with a credential in place of the good one. */
  readonly authorization?: readonly string[];
}

export const JSON_TYPE = ['content-type', 'application/json'] as const;
const DEFAULT_BODY_LIMIT = 256 * 1024;

/** Makes requests that are good but for one thing. */
export class Context {
  readonly operations: readonly Operation[];
  readonly oracle: SchemaOracle;
  readonly bodyLimit: number;

  constructor(readonly options: BadInputOptions) {
    this.operations = operationsOf(options.document);
    this.oracle = new SchemaOracle(options.document);
    this.bodyLimit = options.bodyLimit ?? DEFAULT_BODY_LIMIT;
  }

  good(name: string): unknown {
    if (!Object.hasOwn(this.options.good, name)) {
      throw new Error(`a good value is needed for ${name}: add it to the options of badRequests`);
    }
    return this.options.good[name];
  }

  /** A good value of this parameter: the first that its schema takes. */
  goodOf({ name, schema = {} }: Parameter): unknown {
    const values = [this.good(name), ...(this.options.alsoGood?.[name] ?? [])];
    return values.find((value) => this.oracle.acceptsText(schema, String(value))) ?? values[0];
  }

  /** Properties of the body, empty when there is no body. */
  properties(operation: Operation): [name: string, schema: Schema, required: boolean][] {
    const schema = operation.body && this.oracle.objectSchema(operation.body);
    if (operation.body !== undefined && schema === undefined)
      throw new Error(`${operation.name}: the body is no object, which no test is made for`);
    return Object.entries(schema?.properties ?? {}).map(([name, property]) => [
      name,
      property,
      schema?.required.includes(name) ?? false,
    ]);
  }

  /** A good body as JSON text, with some properties replaced by JSON texts (undefined: left out) and others added. */
  bodyWith(operation: Operation, replaced: Readonly<Record<string, string | undefined>> = {}): string {
    const required = this.properties(operation).filter(([, , isRequired]) => isRequired);
    const fields = new Map<string, string | undefined>(
      required.map(([name]) => [name, JSON.stringify(this.good(name))]),
    );
    for (const [name, json] of Object.entries(replaced)) fields.set(name, json);
    const members = [...fields].filter(([, json]) => json !== undefined);
    return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json ?? ''}`).join(',')}}`;
  }

  /** The template with good values, or with one parameter replaced by a text that is sent as it is. */
  pathOf(operation: Operation, replaced: Readonly<Record<string, string>> = {}): string {
    return operation.path.replaceAll(
      /\{([^}]+)\}/g,
      (_, name: string) => replaced[name] ?? encodeURIComponent(String(this.good(name))),
    );
  }

  /** What of the query must be there, with good values. */
  private queryOf({ parameters }: Operation): string {
    return parameters
      .filter((parameter) => parameter.in === 'query' && parameter.required)
      .map((parameter) => `${parameter.name}=${encodeURIComponent(String(this.goodOf(parameter)))}`)
      .join('&');
  }

  /** `authorization`, unless the operation wants a key in a header of its own. */
  credentialHeader(operation: Operation): string {
    const [scheme = ''] = operation.security;
    return headerOfScheme(this.options.document, scheme);
  }

  authorizationOf(operation: Operation): string | undefined {
    const [scheme] = operation.security;
    if (scheme === undefined) return undefined;
    const credential = this.options.credentials[scheme];
    if (credential === undefined) throw new Error(`${operation.name}: credentials for ${scheme} are needed`);
    return credential;
  }

  request(operation: Operation, changes: Changes = {}): WireRequest {
    const good = this.authorizationOf(operation);
    const authorization = changes.authorization ?? (good === undefined ? [] : [good]);
    const json = 'json' in changes ? changes.json : operation.body && this.bodyWith(operation);
    const path = changes.path ?? this.pathOf(operation);
    const query = changes.query ?? this.queryOf(operation);
    const header = this.credentialHeader(operation);
    return {
      method: operation.method,
      target: query === '' ? path : `${path}?${query}`,
      headers: [
        ...authorization.map((value) => [header, value] as const),
        ...(changes.headers ?? (json === undefined ? [] : [JSON_TYPE])),
      ],
      ...(json !== undefined && { body: Buffer.from(json) }),
    };
  }
}
