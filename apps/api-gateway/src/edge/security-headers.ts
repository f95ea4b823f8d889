const TWO_YEARS_S = 63_072_000;

/** For answers that are data. Pages (docs, demo) say their own policy. Flat list: name, value, … */
export function securityHeaders(production: boolean): string[] {
  return [
    'x-content-type-options',
    'nosniff',
    'x-frame-options',
    'DENY',
    'content-security-policy',
    "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy',
    'no-referrer',
    // A laptop that has seen HSTS once for localhost cannot open any http://localhost afterwards.
    ...(production ? ['strict-transport-security', `max-age=${TWO_YEARS_S}; includeSubDomains`] : []),
  ];
}

/** For our own pages: everything from here, nothing from elsewhere, no inline code. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
