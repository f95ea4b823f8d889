import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { VerifiedPrincipal } from './principal';

/** The caller that JwtGuard let in. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): VerifiedPrincipal => {
    const { user } = context.switchToHttp().getRequest<{ user?: VerifiedPrincipal }>();
    if (user === undefined) throw new Error('@CurrentUser() on a handler without JwtGuard');
    return user;
  },
);
