export type Schema = Readonly<Record<string, unknown>>;

/** As much of an OpenAPI 3.1 document as bad requests are made from. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: Readonly<Record<string, unknown>>;
}

/** The header in which a security scheme wants its credential. */
export function headerOfScheme({ components }: OpenApiDocument, scheme: string): string {
  const schemes = components?.['securitySchemes'] as
    Readonly<Record<string, { readonly in?: string; readonly name?: string }>> | undefined;
  const { in: place, name } = schemes?.[scheme] ?? {};
  return place === 'header' && name !== undefined ? name : 'authorization';
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Operation {
  /** `POST /queue/join` */
  readonly name: string;
  readonly method: string;
  /** The template: `/queue/{robotId}` */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  /** It may be left out altogether. */
  readonly bodyOptional: boolean;
  /** Security schemes of which one must be satisfied; none: the operation is public. */
  readonly security: readonly string[];
  /** What the document says may be answered. */
  readonly statuses: ReadonlySet<number>;
}

interface RawOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
  readonly responses?: Readonly<Record<string, unknown>>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** Every operation of the document. Throws when it has none: a test over nothing proves nothing. */
export function operationsOf(document: OpenApiDocument): Operation[] {
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, value] of Object.entries(item)) {
      if (METHODS.has(method)) operations.push(operation(method.toUpperCase(), path, value as RawOperation));
    }
  }
  if (operations.length === 0) throw new Error('the OpenAPI document declares no operation');
  return operations;
}

function operation(method: string, path: string, raw: RawOperation): Operation {
  const parameters = raw.parameters ?? [];
  const declared = parameters
    .filter((parameter) => parameter.in === 'path')
    .map((parameter) => parameter.name);
  const inTemplate = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  const undeclared = inTemplate.filter((name) => !declared.includes(name));
  if (undeclared.length > 0) throw new Error(`${method} ${path} does not declare ${undeclared.join(', ')}`);
  return {
    name: `${method} ${path}`,
    method,
    path,
    parameters,
    body: raw.requestBody?.content?.['application/json']?.schema,
    bodyOptional: raw.requestBody?.required !== true,
    security: (raw.security ?? []).flatMap((alternative) => Object.keys(alternative)),
    statuses: new Set(Object.keys(raw.responses ?? {}).map(Number)),
  };
}

/** True when a concrete path belongs to the template. */
export function matchesTemplate(template: string, path: string): boolean {
  const expected = template.split('/');
  const found = path.split('/');
  return (
    expected.length === found.length &&
    expected.every((part, index) => part.startsWith('{') || part === found[index])
  );
}

/** The schemas of every parameter and property of that name, wherever the document has one. */
export function schemasNamed(document: OpenApiDocument, name: string): Schema[] {
  const found: Schema[] = [];
  const open: unknown[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const {
      properties,
      name: own,
      schema,
    } = next as { properties?: Schema; name?: unknown; schema?: Schema };
    if (properties?.[name] !== undefined) found.push(properties[name] as Schema);
    if (own === name && schema !== undefined) found.push(schema);
    open.push(...(Object.values(next) as unknown[]));
  }
  return found;
}
