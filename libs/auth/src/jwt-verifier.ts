import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { UnauthorizedToken } from './auth-errors';
import { HMAC, KeySource } from './key-source';
import { anySubjectOf, principalOf, type AnySubject, type Claims, type VerifiedPrincipal } from './principal';

/** For sockets and wherever there is no guard. */
@Injectable()
export class JwtVerifier {
  readonly #jwt = new JwtService();

  constructor(private readonly keys: KeySource) {}

  /** Throws UnauthorizedToken for a token that is not good, KeysUnavailable when that cannot be known now. */
  async verify(token: string): Promise<VerifiedPrincipal> {
    return principalOf(await this.claimsOf(token));
  }

  /** The same for a protocol that has its own answer to a `sub` that is no UUID: `userId` is undefined then. */
  async verifyAnySubject(token: string): Promise<AnySubject> {
    return anySubjectOf(await this.claimsOf(token));
  }

  private async claimsOf(token: string): Promise<Claims> {
    const { key, algorithm } = await this.keys.keyFor(token);
    const keyOption = algorithm === HMAC ? { secret: key } : { publicKey: key };
    try {
      return await this.#jwt.verifyAsync<Claims>(token, { ...keyOption, algorithms: [algorithm] });
    } catch (error) {
      throw new UnauthorizedToken(reasonOf(error), { cause: error });
    }
  }
}

export function reasonOf(error: unknown): string {
  return (error as Error).name === 'TokenExpiredError' ? 'the token has expired' : 'the token is not valid';
}
