import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { ASYMMETRIC, HMAC, KeySource } from './key-source';
import { principalOf, type Claims, type VerifiedPrincipal } from './principal';
import { bearerToken } from './secrets';

/** passport-jwt with the same keys and the same reading of the claims as JwtVerifier. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(keys: KeySource) {
    super({
      jwtFromRequest: (req: IncomingMessage) => bearerToken(req.headers.authorization) ?? null,
      // Which of these a key may be used with is decided by KeySource, from the same header that is verified next.
      algorithms: [HMAC, ...ASYMMETRIC],
      secretOrKeyProvider: (
        _req: unknown,
        token: string,
        done: (error: unknown, key?: string | Buffer) => void,
      ) => {
        keys.keyFor(token).then(({ key }) => done(null, key), done);
      },
    });
  }

  validate(claims: Claims): VerifiedPrincipal {
    return principalOf(claims);
  }
}
