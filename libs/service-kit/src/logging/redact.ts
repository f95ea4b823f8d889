/** Keys whose values never appear in a log, compared without case, `-` and `_`. */
const SECRET_KEYS = new Set(
  [
    'authorization',
    'cookie',
    'set-cookie',
    'hash_code',
    'token',
    'control_token',
    'access_token',
    'refresh_token',
    'id_token',
    'password',
    'passwd',
    'secret',
    'key',
    'api_key',
    'x-api-key',
    'key_b64',
    'jwt',
    'jwt_secret',
    'internal_api_token',
    'robot_api_key',
    'recognition_api_key',
    'url_aes_key',
    'client_secret',
    'credential',
    'credentials',
    'signature',
  ].map(normalise),
);

const REDACTED = '[redacted]';
const MAX_DEPTH = 4;
const MAX_ITEMS = 100;
const MAX_TEXT = 8_192;

// ?token=..., &key=..., in URLs wherever they turn up in a text. A camera's URL holds its password, percent-encoded.
const QUERY_SECRET =
  /([?&](?:[a-z_-]*token|[a-z_-]*key|password|secret|hash_code|jwt|signature|code|rtspurl)=)[^&\s#"]+/gi;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}/gi;
// postgres://user:password@host
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi;

function normalise(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Secrets in query strings, URLs and authorization values inside a text. */
export function redactText(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return cut
    .replace(QUERY_SECRET, `$1${REDACTED}`)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(URL_PASSWORD, `$1${REDACTED}@`);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  // Other members are left out on purpose: drivers put statements, parameters and rows there.
  return {
    type: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: error.stack === undefined ? undefined : redactText(error.stack),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  // What lies deeper is not looked at, so it is not shown either.
  if (depth > MAX_DEPTH) return '[…]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redactValue(item, depth + 1));
  return redactRecord(value as Record<string, unknown>, depth);
}

function redactRecord(record: Record<string, unknown>, depth: number): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record).slice(0, MAX_ITEMS)) {
    out[key] =
      SECRET_KEYS.has(normalise(key)) && value !== undefined ? REDACTED : redactValue(value, depth + 1);
  }
  return out;
}

/** A copy that may be logged: secrets by key to a depth of 4, by pattern inside texts; nothing below that depth. */
export function redact(record: Record<string, unknown>): Record<string, unknown> {
  return redactRecord(record, 0);
}
