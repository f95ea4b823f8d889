import type { Role } from '@teleop/auth';

const BY_NAME: Readonly<Record<string, Role>> = { admin: 'Admin', operator: 'Operator', viewer: 'Viewer' };

/** The role in `users.role`, however it is spelled; anything unknown is the least there is. */
export function roleFrom(text: string): Role {
  return BY_NAME[text.trim().toLowerCase()] ?? 'Viewer';
}
