import { SetMetadata } from '@nestjs/common';
import type { Role } from './principal';

export const ROLES_METADATA = 'teleop:roles';

/** Who may call a handler (or all of a controller); works together with JwtGuard. */
export const Roles = (...roles: Role[]) => SetMetadata(ROLES_METADATA, roles);
