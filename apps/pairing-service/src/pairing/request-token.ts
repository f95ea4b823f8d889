import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import { DeviceRegistry } from '../devices/device-registry';
import { Nonces } from './nonces';
import { PairingTokens } from './pairing-tokens';
import { recoverSigner } from './recover-signer';
import { signatureMismatch } from './refusals';

/** A device shows that it holds its key and gets a token for its QR code. */
@Injectable()
export class RequestToken {
  constructor(
    private readonly nonces: Nonces,
    private readonly devices: DeviceRegistry,
    private readonly tokens: PairingTokens,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  /** Throws 401 SIGNATURE_MISMATCH for anything wrong; the nonce is used up either way. */
  async request(deviceId: string, signature: string): Promise<{ pairing_token: string; expires_in: number }> {
    const nonce = await this.nonces.use(deviceId);
    const address = await this.devices.addressOf(deviceId);
    // The same work whether the device or the nonce exists or not: the time it takes tells nothing.
    const signer = recoverSigner(`${deviceId}||${nonce ?? ''}`, signature);
    if (nonce === undefined || address === undefined || signer !== address) throw signatureMismatch();
    return { pairing_token: await this.tokens.issue(deviceId), expires_in: this.config.PAIRING_TOKEN_TTL_S };
  }
}
