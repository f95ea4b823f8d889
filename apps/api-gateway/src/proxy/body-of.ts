import type { IncomingMessage } from 'node:http';

export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' };

/** How the body of a request is framed. Node has checked already that the headers do not contradict each other. */
export function framingOf(req: IncomingMessage): BodyFraming {
  if (req.headers['transfer-encoding'] !== undefined) return { kind: 'chunked' };
  const length = req.headers['content-length'];
  if (length === undefined) return { kind: 'none' };
  const bytes = Number(length);
  return bytes === 0 ? { kind: 'none' } : { kind: 'length', bytes };
}
