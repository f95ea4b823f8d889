import { secp256k1 } from '@noble/curves/secp256k1';
import { keccak_256 } from '@noble/hashes/sha3';

const SIGNATURE = /^(?:0x)?([0-9a-f]{130})$/i;
const COMPACT_BYTES = 64;

/**
 * The address that signed `message` by EIP-191 personal-sign, lower case with 0x; undefined when the signature is none.
 * `signature`: r, s and v (0/1 or 27/28) as 65 bytes hex, with or without 0x.
 */
export function recoverSigner(message: string, signature: string): string | undefined {
  const hex = SIGNATURE.exec(signature)?.[1];
  if (hex === undefined) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  const recovery = recoveryOf(bytes[COMPACT_BYTES] as number);
  if (recovery === undefined) return undefined;
  try {
    const point = secp256k1.Signature.fromCompact(bytes.subarray(0, COMPACT_BYTES))
      .addRecoveryBit(recovery)
      .recoverPublicKey(personalHash(message));
    return addressOf(point.toBytes(false));
  } catch {
    // r or s out of range, or no point of the curve: whoever made it up has no key.
    return undefined;
  }
}

function recoveryOf(v: number): number | undefined {
  const bit = v >= 27 ? v - 27 : v;
  return bit === 0 || bit === 1 ? bit : undefined;
}

function personalHash(message: string): Uint8Array {
  const bytes = Buffer.from(message, 'utf8');
  return keccak_256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes]));
}

function addressOf(uncompressed: Uint8Array): string {
  return `0x${Buffer.from(keccak_256(uncompressed.subarray(1)).subarray(-20)).toString('hex')}`;
}
