import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What a handler learns of a WebSocket handshake before it is answered. */
export interface UpgradeRequest {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The caller's address; X-Forwarded-For counts only behind a believed proxy (TRUST_PROXY). */
  readonly ip: string;
  readonly raw: IncomingMessage;
}

export function splitTarget(url: string | undefined): { path: string; query: string } {
  const target = url ?? '/';
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
