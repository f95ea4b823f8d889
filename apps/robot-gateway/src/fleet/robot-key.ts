import { randomBytes } from 'node:crypto';
import { sha256Hex } from '@teleop/auth';

/** Tells secret scanners, and people who find one somewhere, what it is. */
const PREFIX = 'trk_';
const KEY_BYTES = 32;

/** A new key and what is kept of it. SHA-256 is enough for a secret of 256 random bits: there is nothing to guess. */
export function newRobotKey(): { readonly key: string; readonly hash: string } {
  const key = `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
  return { key, hash: sha256Hex(key) };
}
