import { createHash } from 'node:crypto';

/** What a caller showed to prove who they are: a hash_code as its digest, or a JWT that was verified as theirs. */
export type Credential = { readonly kind: 'hash-code'; readonly digest: Buffer } | { readonly kind: 'jwt' };

export function hashCodeCredential(token: string): Credential {
  return { kind: 'hash-code', digest: createHash('sha256').update(token, 'utf8').digest() };
}

/** The `p_digest` of the SQL functions: NULL says that a JWT was verified. */
export function digestOf(credential: Credential): Buffer | null {
  return credential.kind === 'jwt' ? null : credential.digest;
}
