import { HttpException, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ForbiddenRole, UnauthorizedToken } from './auth-errors';
import { reasonOf } from './jwt-verifier';
import type { Principal, Role } from './principal';
import { ROLES_METADATA } from './roles';

/** A valid JWT, and one of the `@Roles` if any are named. 401 and 403 as problems. */
@Injectable()
export class JwtGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override handleRequest<T>(
    error: unknown,
    user: T | false | null,
    info: unknown,
    context: ExecutionContext,
  ): T {
    if (error instanceof HttpException) throw error;
    // passport-jwt hands the errors of the key provider on as "info".
    if (info instanceof HttpException) throw info;
    if (error) throw error as Error;
    if (!user) {
      const missing = info instanceof Error && info.message === 'No auth token';
      throw new UnauthorizedToken(missing ? 'a bearer token is needed' : reasonOf(info), { cause: info });
    }
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES_METADATA, [
      context.getHandler(),
      context.getClass(),
    ]);
    const { role } = user as unknown as Principal;
    if (roles !== undefined && !roles.includes(role))
      throw new ForbiddenRole(`This needs one of the roles ${roles.join(', ')}`);
    return user;
  }
}
