import { createHash, timingSafeEqual } from 'node:crypto';

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a text: what is kept of a key so that each call costs one hash and one comparison. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares in a time that depends neither on where the texts differ nor on their lengths. */
export function secretsEqual(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

const BEARER = /^Bearer +([^\s,]+) *$/i;

/** The credential of an `Authorization: Bearer …` header, RFC 6750. */
export function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : BEARER.exec(header)?.[1];
}
