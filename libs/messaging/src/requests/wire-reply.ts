/** How an answer travels: exactly one of the three. */
export type WireReply =
  | { readonly ok: object }
  | { readonly refused: { readonly code: string; readonly detail: string } }
  | { readonly failed: string };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined when it is none of ours. */
export function wireReply(value: unknown): WireReply | undefined {
  if (!isObject(value)) return undefined;
  const { ok, refused, failed } = value;
  if (isObject(ok)) return { ok };
  if (typeof failed === 'string') return { failed };
  if (!isObject(refused)) return undefined;
  const { code, detail } = refused;
  return typeof code === 'string' && typeof detail === 'string' ? { refused: { code, detail } } : undefined;
}
