import { isDeepStrictEqual } from 'node:util';
import type { UpstreamName } from '../routing/route-table';

export type Json = Record<string, unknown>;

export interface ServiceDocument {
  readonly service: UpstreamName;
  readonly document: Json;
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/**
 * One OpenAPI 3.1 document of several. Only paths that the gateway passes to that very service are taken over. Components of
 * one name and unlike content keep apart under the name of their service.
 */
export function mergeOpenApi(
  parts: readonly ServiceDocument[],
  owner: (path: string) => UpstreamName | undefined,
  unavailable: readonly UpstreamName[],
): Json {
  const paths: Json = {};
  const components: Record<string, Json> = {};
  const tags: Json[] = [];
  for (const { service, document } of parts) {
    const renamed = takeComponents(service, record(document['components']), components);
    const own = rewrite(record(document['paths']), renamed) as Json;
    let used = false;
    for (const [path, item] of Object.entries(own)) {
      if (owner(path) !== service) continue;
      paths[path] = tagged(record(item), service);
      used = true;
    }
    if (used) tags.push({ name: service, description: text(record(document['info'])['description']) });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Teleop suite',
      version: '1.0.0',
      description:
        'Everything behind the one public door, merged from the services’ own documents. Socket.IO, WebSocket and NATS messages: /asyncapi.json',
    },
    servers: [{ url: '/' }],
    tags,
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components,
    'x-unavailable-services': [...unavailable].sort(),
  };
}

/** Adds a service's components to the common ones; returns where its references have to point instead. */
function takeComponents(service: string, own: Json, common: Record<string, Json>): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const [kind, entries] of Object.entries(own)) {
    const names = (common[kind] ??= {});
    for (const [name, value] of Object.entries(record(entries))) {
      if (names[name] === undefined || isDeepStrictEqual(names[name], value)) continue;
      renamed.set(`#/components/${kind}/${name}`, `#/components/${kind}/${service}.${name}`);
    }
  }
  for (const [kind, entries] of Object.entries(own)) {
    for (const [name, value] of Object.entries(record(entries))) {
      const target = renamed.get(`#/components/${kind}/${name}`)?.split('/').at(-1) ?? name;
      (common[kind] as Json)[target] = rewrite(value, renamed);
    }
  }
  return renamed;
}

function rewrite(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (renamed.size === 0) return value;
  if (Array.isArray(value)) return value.map((part) => rewrite(part, renamed));
  if (typeof value !== 'object' || value === null) return value;
  const out: Json = {};
  for (const [key, part] of Object.entries(value)) {
    if (key === '$ref' && typeof part === 'string') out[key] = renamed.get(part) ?? part;
    else if (key === 'security' && Array.isArray(part))
      out[key] = part.map((need) => renameSchemes(record(need), renamed));
    else out[key] = rewrite(part, renamed);
  }
  return out;
}

/** Security requirements name their scheme without a reference. */
function renameSchemes(need: Json, renamed: ReadonlyMap<string, string>): Json {
  const prefix = '#/components/securitySchemes/';
  return Object.fromEntries(
    Object.entries(need).map(([name, scopes]) => [
      renamed.get(prefix + name)?.slice(prefix.length) ?? name,
      scopes,
    ]),
  );
}

/** Grouped by service, with operation ids that cannot clash. */
function tagged(item: Json, service: string): Json {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => {
      if (!METHODS.has(method)) return [method, operation];
      const { operationId } = record(operation);
      const id = typeof operationId === 'string' ? { operationId: `${service}.${operationId}` } : {};
      return [method, { ...record(operation), ...id, tags: [service] }];
    }),
  );
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
