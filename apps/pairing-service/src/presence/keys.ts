import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@teleop/service-kit';
import type { PairingConfig } from '../config';

/** Names of everything kept in Redis. All of it may be lost: clients pair again. */
@Injectable()
export class Keys {
  readonly prefix: string;

  constructor(@InjectConfig() config: PairingConfig) {
    this.prefix = config.REDIS_PREFIX;
  }

  nonce = (deviceId: string) => `${this.prefix}nonce:${deviceId}`;
  /** `hash`: SHA-256 of the token; whoever reads Redis cannot claim with it. */
  token = (hash: string) => `${this.prefix}token:${hash}`;
  latestToken = (deviceId: string) => `${this.prefix}latest-token:${deviceId}`;
  device = (deviceId: string) => `${this.prefix}device:${deviceId}`;
  app = (connectionId: string) => `${this.prefix}app:${connectionId}`;
  replica = (replica: string) => `${this.prefix}replica:${replica}`;
  session = (sessionId: string) => `${this.prefix}session:${sessionId}`;
  rate = (bucket: string) => `${this.prefix}rate:${bucket}`;
}
