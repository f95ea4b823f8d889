export const ROLES = ['device', 'app'] as const;
export type Role = (typeof ROLES)[number];

export const OTHER: Readonly<Record<Role, Role>> = { device: 'app', app: 'device' };

/** Why a session ends whose side of this role is gone, to the letter of the source. */
export const DISCONNECTED: Readonly<Record<Role, string>> = {
  device: 'device_disconnected',
  app: 'app_disconnected',
};
