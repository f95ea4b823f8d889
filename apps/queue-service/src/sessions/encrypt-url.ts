import { createCipheriv, randomBytes } from 'node:crypto';

const IV_BYTES = 12;

/** base64url(iv[12] || ciphertext || tag[16]) with AES-256-GCM, so that WebCrypto decrypts it as is. `key`: 32 bytes. */
export function encryptUrl(url: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(url, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}
