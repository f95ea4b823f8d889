import { isStorableText, isUuid } from '@teleop/contracts';
import { UnauthorizedToken } from './auth-errors';

const ROLES = ['Admin', 'Operator', 'Viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Who is calling. */
export interface Principal {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
}

export interface Claims {
  readonly sub?: unknown;
  readonly name?: unknown;
  readonly role?: unknown;
  readonly exp?: unknown;
  readonly [claim: string]: unknown;
}

export type VerifiedPrincipal = Principal & { readonly claims: Claims };

const MAX_NAME = 256;

/** A token without a role may do the least there is: the queue's endpoints ask for no more than a `sub`. */
function roleOf(claim: unknown): Role | undefined {
  if (claim === undefined) return 'Viewer';
  return typeof claim === 'string'
    ? ROLES.find((role) => role.toLowerCase() === claim.toLowerCase())
    : undefined;
}

/** A caller whose `sub` may be something else than a user's id. */
export type AnySubject = Omit<VerifiedPrincipal, 'userId'> & { readonly userId: string | undefined };

/** What the claims of a token whose signature holds say. Throws UnauthorizedToken when they are not enough. */
export function principalOf(claims: Claims): VerifiedPrincipal {
  const { userId, ...principal } = anySubjectOf(claims);
  if (userId === undefined) throw new UnauthorizedToken('the subject of the token is not a UUID');
  return { ...principal, userId };
}

/** The same, with `userId` undefined when `sub` is not a UUID: for the endpoints whose protocol answers that itself. */
export function anySubjectOf(claims: Claims): AnySubject {
  // jsonwebtoken checks `exp` only when it is there; a token that never expires is refused here.
  if (typeof claims.exp !== 'number') throw new UnauthorizedToken('the token has no expiry');
  const role = roleOf(claims.role);
  if (role === undefined) throw new UnauthorizedToken('the token has no known role');
  const userId = isUuid(claims.sub) ? claims.sub.toLowerCase() : undefined;
  const name = claims.name ?? claims.sub ?? '';
  if (typeof name !== 'string' || name.length > MAX_NAME || !isStorableText(name)) {
    throw new UnauthorizedToken('the name in the token is not usable');
  }
  return { userId, name, role, claims };
}
