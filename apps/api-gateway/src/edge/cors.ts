/** Which browsers' pages may call: an allow-list of origins. Callers that are not browsers send no Origin and are let by. */
export class Cors {
  readonly #all: boolean;
  readonly #localhost: boolean;
  readonly #origins: ReadonlySet<string>;

  /** `*`: every origin. `localhost`: this machine, any port. Anything else is an origin such as https://console.example.org */
  constructor(
    allowed: readonly string[],
    private readonly maxAgeSeconds: number,
  ) {
    this.#all = allowed.includes('*');
    this.#localhost = allowed.includes('localhost');
    this.#origins = new Set(allowed.map((origin) => origin.replace(/\/$/, '').toLowerCase()));
  }

  allows(origin: string, host: string | undefined): boolean {
    if (this.#all || this.#origins.has(origin.toLowerCase())) return true;
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    if (url === undefined) return false;
    // Pages that we serve ourselves.
    if (host !== undefined && url.host === host.toLowerCase()) return true;
    return this.#localhost && (LOOPBACK.has(url.hostname) || url.hostname.endsWith('.localhost'));
  }

  /** For every answer to an allowed origin. Credentials are bearer tokens, so cookies are never invited. */
  answerHeaders(origin: string): string[] {
    return [
      'access-control-allow-origin',
      origin,
      'access-control-expose-headers',
      EXPOSED,
      'vary',
      'Origin',
    ];
  }

  preflightHeaders(requestedHeaders: string | undefined): Record<string, string> {
    return {
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': requestedHeaders ?? ALLOWED,
      'access-control-max-age': String(this.maxAgeSeconds),
      'content-length': '0',
    };
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const ALLOWED = 'Authorization, Content-Type, Idempotency-Key, X-Request-Id, Traceparent, X-Api-Key';
const EXPOSED = 'X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset';
