import { createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { JwksClient } from 'jwks-rsa';
import { KeysUnavailable, UnauthorizedToken } from './auth-errors';
import { AUTH_OPTIONS, type AuthOptions } from './auth-options';

export const HMAC = 'HS256';
export const ASYMMETRIC = ['RS256', 'ES256'] as const;

export interface VerificationKey {
  /**
   * A secret is a KeyObject, which jsonwebtoken takes though the types of @nestjs/jwt and passport-jwt do not say so: a text
   * it tries as a public key first, and to find that it is none takes 70 times as long as the verification.
   */
  readonly key: string | Buffer;
  readonly algorithm: typeof HMAC | (typeof ASYMMETRIC)[number];
}

interface Header {
  readonly alg?: unknown;
  readonly kid?: unknown;
}

function headerOf(token: string): Header {
  const [head = ''] = token.split('.', 1);
  try {
    const parsed: unknown = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch (error) {
    throw new UnauthorizedToken('the token is malformed', { cause: error });
  }
  throw new UnauthorizedToken('the token is malformed');
}

const JWKS_REQUESTS_PER_MINUTE = 10;

/**
 * The key for a token's algorithm: HS256 only ever gets the secret, RS256 and ES256 only ever a published key. A public
 * key can therefore never be used as an HMAC secret, whatever the header says.
 */
@Injectable()
export class KeySource {
  #jwks: JwksClient | undefined;
  readonly #secret: Buffer;

  constructor(@Inject(AUTH_OPTIONS) private readonly options: AuthOptions) {
    this.#secret = createSecretKey(Buffer.from(options.jwtSecret)) as KeyObject & Buffer;
  }

  async keyFor(token: string): Promise<VerificationKey> {
    const { alg, kid } = headerOf(token);
    if (alg === HMAC) return { key: this.#secret, algorithm: HMAC };
    const algorithm = ASYMMETRIC.find((known) => known === alg);
    if (algorithm === undefined || this.options.jwksUrl === undefined) {
      throw new UnauthorizedToken('the algorithm of the token is not accepted');
    }
    return {
      key: await this.#published(this.options.jwksUrl, typeof kid === 'string' ? kid : undefined),
      algorithm,
    };
  }

  async #published(url: string, kid: string | undefined): Promise<string> {
    try {
      const key = await this.#client(url).getSigningKey(kid);
      return key.getPublicKey();
    } catch (error) {
      if ((error as Error).name === 'SigningKeyNotFoundError') {
        throw new UnauthorizedToken('the key of the token is not known', { cause: error });
      }
      throw new KeysUnavailable({ cause: error });
    }
  }

  #client(url: string): JwksClient {
    if (this.#jwks !== undefined) return this.#jwks;
    // Loaded only where it is configured: most installations use the secret.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { JwksClient: Client } = require('jwks-rsa') as typeof import('jwks-rsa');
    this.#jwks = new Client({
      jwksUri: url,
      cache: true,
      cacheMaxEntries: 16,
      cacheMaxAge: this.options.jwksCacheMs ?? 600_000,
      // A flood of tokens with invented key ids must not become a flood of requests to the issuer.
      rateLimit: true,
      jwksRequestsPerMinute: JWKS_REQUESTS_PER_MINUTE,
      timeout: this.options.jwksTimeoutMs ?? 5_000,
    });
    return this.#jwks;
  }
}
