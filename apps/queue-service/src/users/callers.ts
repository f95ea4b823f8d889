import { Injectable } from '@nestjs/common';
import { bearerToken, JwtVerifier, KeysUnavailable } from '@teleop/auth';
import { Database, type Tx } from '@teleop/persistence';
import { refusal } from '../turns/codes';
import { AUTHENTICATE } from './authenticate.sql';
import { digestOf, hashCodeCredential, type Credential } from './credential';

export interface KnownUser {
  readonly user_name: string | null;
  readonly user_class: string;
  readonly role: string;
}

const JWT_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Who is calling a user endpoint: `Authorization: Bearer <hash_code>`, or a JWT whose `sub` is the body's userId. */
@Injectable()
export class Callers {
  constructor(
    private readonly jwt: JwtVerifier,
    private readonly database: Database,
  ) {}

  /** Throws 401 without a bearer token. Whether a hash_code is right is decided where it is used, in one statement. */
  async credentialOf(authorization: string | undefined, userId: string): Promise<Credential> {
    const token = bearerToken(authorization);
    if (token === undefined) throw refusal('UNAUTHORIZED');
    return this.credentialFrom(token, userId);
  }

  async credentialFrom(token: string, userId: string): Promise<Credential> {
    if (JWT_SHAPE.test(token) && (await this.isJwtOf(token, userId))) return { kind: 'jwt' };
    return hashCodeCredential(token);
  }

  /** The user, or 401. */
  async authenticate(tx: Tx, userId: string, credential: Credential): Promise<KnownUser> {
    const user = await tx.maybe<KnownUser>(AUTHENTICATE, [userId, digestOf(credential)]);
    if (user === undefined) throw refusal('UNAUTHORIZED');
    return user;
  }

  /** `authenticate` straight from the header, for reads. */
  async require(authorization: string | undefined, userId: string): Promise<KnownUser> {
    return this.authenticate(this.database, userId, await this.credentialOf(authorization, userId));
  }

  private async isJwtOf(token: string, userId: string): Promise<boolean> {
    try {
      return (await this.jwt.verify(token)).userId.toLowerCase() === userId.toLowerCase();
    } catch (error) {
      // Nobody can say now whether the token is good: 503, not 401.
      if (error instanceof KeysUnavailable) throw error;
      // Not a valid token of ours: it may still be a hash_code that happens to have two dots.
      return false;
    }
  }
}
