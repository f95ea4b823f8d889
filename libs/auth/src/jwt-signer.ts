import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AUTH_OPTIONS, type AuthOptions } from './auth-options';
import { HMAC } from './key-source';
import type { Role } from './principal';

@Injectable()
export class JwtSigner {
  readonly #jwt: JwtService;

  constructor(@Inject(AUTH_OPTIONS) options: AuthOptions) {
    this.#jwt = new JwtService({ secret: options.jwtSecret, signOptions: { algorithm: HMAC } });
  }

  /** An HS256 token that expires after `ttlSeconds`. */
  sign(
    subject: { readonly sub: string; readonly name: string; readonly role: Role },
    ttlSeconds: number,
  ): string {
    const { sub, name, role } = subject;
    return this.#jwt.sign({ sub, name, role }, { expiresIn: ttlSeconds });
  }
}
