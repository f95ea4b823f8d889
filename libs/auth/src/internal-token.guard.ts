import type { IncomingMessage } from 'node:http';
import {
  applyDecorators,
  Inject,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { UnauthorizedToken } from './auth-errors';
import { AUTH_OPTIONS, type AuthOptions } from './auth-options';
import { bearerToken, secretsEqual } from './secrets';

/** Our own services and robot servers: `Authorization: Bearer <INTERNAL_API_TOKEN>`. */
@Injectable()
export class InternalTokenGuard implements CanActivate {
  constructor(@Inject(AUTH_OPTIONS) private readonly options: AuthOptions) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>();
    const token = bearerToken(headers.authorization);
    if (token === undefined) throw new UnauthorizedToken('a bearer token is needed');
    if (!secretsEqual(token, this.options.internalToken))
      throw new UnauthorizedToken('the token is not valid');
    return true;
  }
}

export const InternalOnly = () => applyDecorators(UseGuards(InternalTokenGuard));
