export const AUTH_OPTIONS = Symbol('AUTH_OPTIONS');

export interface AuthOptions {
  /** HS256 tokens are signed and checked with it. */
  readonly jwtSecret: string;
  /** RS256 and ES256 tokens are checked with the keys published here; without it they are refused. */
  readonly jwksUrl?: string | undefined;
  /** What our own services and robot servers call internal endpoints with. */
  readonly internalToken: string;
  /** Milliseconds. */
  readonly jwksTimeoutMs?: number;
  readonly jwksCacheMs?: number;
}
