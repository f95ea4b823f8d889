import type { JsonSchema } from '../core/schema';

/** What can be shown, logged and stored: no control, format or private characters and no half surrogate pairs. */
const CAMERA_NAME = /^\P{C}{1,64}$/u;
/** Names of cameras are keys of objects. */
const DANGEROUS_KEYS = ['__proto__', 'constructor', 'prototype'];

/** Whether the robot may call a camera so: anything of 1-64 characters, but for what would hurt on its way. */
export function isCameraName(name: string): boolean {
  return CAMERA_NAME.test(name) && !DANGEROUS_KEYS.includes(name);
}

/** The same of the keys of an object's schema. */
export const KEYS_ARE_CAMERA_NAMES: JsonSchema = {
  propertyNames: { pattern: CAMERA_NAME.source, not: { enum: DANGEROUS_KEYS } },
};
