import { createHash } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1';
import { keccak_256 } from '@noble/hashes/sha3';

const PRIVATE_KEY = /^(?:0x)?([0-9a-f]{64})$/i;

/** The key that a kiosk signs with. */
export class EvmKey {
  readonly address: string;

  private constructor(private readonly secret: Buffer) {
    const point = secp256k1.getPublicKey(secret, false).subarray(1);
    this.address = `0x${Buffer.from(keccak_256(point).subarray(-20)).toString('hex')}`;
  }

  /** 32 bytes hex, with or without 0x. Throws a RangeError for anything else. */
  static fromHex(text: string): EvmKey {
    const hex = PRIVATE_KEY.exec(text)?.[1];
    if (hex === undefined) throw new RangeError('a private key is 32 bytes in hexadecimal');
    return new EvmKey(Buffer.from(hex, 'hex'));
  }

  /** The key of a demo kiosk: anybody can make it, so it opens nothing but the demo. */
  static ofDemo(deviceId: string): EvmKey {
    return new EvmKey(createHash('sha256').update(`teleop demo kiosk ${deviceId}`).digest());
  }

  /** EIP-191 personal-sign; r, s, v (27 or 28) as hex without 0x, as eth_account's `signature.hex()` writes it. */
  sign(message: string): string {
    const bytes = Buffer.from(message, 'utf8');
    const head = Buffer.from(`\x19Ethereum Signed Message:\n${bytes.length}`);
    const signature = secp256k1.sign(keccak_256(Buffer.concat([head, bytes])), this.secret);
    return `${signature.toCompactHex()}${(27 + signature.recovery).toString(16)}`;
  }
}
