import type { IncomingMessage } from 'node:http';
import { HOP_BY_HOP } from '@teleop/service-kit';

/** Ours to say: what the caller or a service says about them is not passed on. */
const OURS_TO_SERVICE = new Set([
  'host',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
  'x-request-id',
  'traceparent',
]);

const OURS_TO_CLIENT = new Set(['x-request-id', 'x-powered-by', 'server']);

/** Names that `Connection` declares to be for this hop only. */
function namedByConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  // Almost every request says just keep-alive or close.
  if (connection === undefined || /^(keep-alive|close|upgrade)$/i.test(connection)) return undefined;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

export interface Caller {
  /** Whose request it is: what limits count by. */
  readonly address: string;
  /** For X-Forwarded-For: what a believed proxy said, and the peer. */
  readonly chain: string;
  readonly proto: string;
  readonly host: string | undefined;
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** Headers for the service, as a flat list of names and values: order and repetition are the caller's. */
export function requestHeaders(req: IncomingMessage, caller: Caller, authority: string): string[] {
  const headers: string[] = ['host', authority];
  const named = namedByConnection(req.headers.connection);
  const raw = req.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (HOP_BY_HOP.has(name) || OURS_TO_SERVICE.has(name) || named?.has(name)) continue;
    headers.push(raw[i] as string, raw[i + 1] as string);
  }
  // The chain may begin with what a caller made up; this one address is the gateway's word.
  headers.push('x-real-ip', caller.address);
  headers.push('x-forwarded-for', caller.chain);
  headers.push('x-forwarded-proto', caller.proto);
  if (caller.host !== undefined) headers.push('x-forwarded-host', caller.host);
  headers.push('x-request-id', caller.requestId);
  if (caller.traceparent !== undefined) headers.push('traceparent', caller.traceparent);
  return headers;
}

/** Headers for the caller: the service's, then ours where the service did not say otherwise. */
export function responseHeaders(
  upstream: IncomingMessage,
  fixed: readonly string[],
  defaults: readonly string[],
): string[] {
  const headers: string[] = [];
  const named = namedByConnection(upstream.headers.connection);
  const raw = upstream.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (HOP_BY_HOP.has(name) || OURS_TO_CLIENT.has(name) || named?.has(name)) continue;
    // Which origins may read is decided in one place.
    if (name.startsWith('access-control-')) continue;
    headers.push(raw[i] as string, raw[i + 1] as string);
  }
  for (let i = 0; i < defaults.length; i += 2) {
    if (upstream.headers[defaults[i] as string] === undefined)
      headers.push(defaults[i] as string, defaults[i + 1] as string);
  }
  headers.push(...fixed);
  return headers;
}
