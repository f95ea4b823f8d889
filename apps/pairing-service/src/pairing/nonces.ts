import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectConfig, REDIS } from '@teleop/service-kit';
import type { Redis } from 'ioredis';
import type { PairingConfig } from '../config';
import { Keys } from '../presence/keys';

const NONCE_BYTES = 32;

/** One nonce a device, the newest: what it signs to show that it is there now. */
@Injectable()
export class Nonces {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly keys: Keys,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  async make(deviceId: string): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    await this.redis.set(this.keys.nonce(deviceId), nonce, 'PX', this.config.PAIRING_NONCE_TTL_S * 1_000);
    return nonce;
  }

  /** Gives it out once. */
  async use(deviceId: string): Promise<string | undefined> {
    return (await this.redis.getdel(this.keys.nonce(deviceId))) ?? undefined;
  }
}
