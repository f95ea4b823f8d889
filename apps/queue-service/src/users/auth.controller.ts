import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { bearerToken, JwtSigner } from '@teleop/auth';
import { AuthTokenAnswer, UserBody } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { Documented } from '@teleop/service-kit';
import { refusal } from '../turns/codes';
import { Callers } from './callers';
import { hashCodeCredential } from './credential';
import { roleFrom } from './role';

const TOKEN_SECONDS = 3_600;

@Controller('auth')
export class AuthController {
  constructor(
    private readonly callers: Callers,
    private readonly signer: JwtSigner,
    private readonly database: Database,
  ) {}

  /** A JWT for the user’s hash_code, good for one hour. A JWT does not buy another one. */
  @Post('token')
  @HttpCode(200)
  @Documented({ answers: AuthTokenAnswer, security: ['bearer'] })
  async token(
    @Body() body: UserBody,
    @Headers('authorization') authorization?: string,
  ): Promise<AuthTokenAnswer> {
    const hashCode = bearerToken(authorization);
    if (hashCode === undefined) throw refusal('UNAUTHORIZED');
    const user = await this.callers.authenticate(this.database, body.userId, hashCodeCredential(hashCode));
    const claims = { sub: body.userId, name: user.user_name ?? '', role: roleFrom(user.role) };
    return { token: this.signer.sign(claims, TOKEN_SECONDS), expires_in: TOKEN_SECONDS };
  }
}
