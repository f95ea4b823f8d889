import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sha256Hex } from '@teleop/auth';
import { InjectConfig, REDIS } from '@teleop/service-kit';
import type { Redis } from 'ioredis';
import type { PairingConfig } from '../config';
import { Keys } from '../presence/keys';
import { runScript } from '../presence/run-script';
import { CLAIM_TOKEN, UNCLAIM_TOKEN } from './lua/claim-token.lua';
import { ISSUE_TOKEN } from './lua/issue-token.lua';
import { LOOK_UP_TOKEN } from './lua/look-up-token.lua';

const TOKEN_BYTES = 32;

export type TokenState = 'unknown' | 'open' | 'claimed' | 'expired';

export type ClaimRefusal =
  | 'TOKEN_UNKNOWN'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_ALREADY_CLAIMED'
  | 'APP_CONNECTION_UNKNOWN'
  | 'DEVICE_NOT_CONNECTED'
  | 'DEVICE_BUSY';

/** Where the two sides of a claimed token are. */
export interface Claimed {
  readonly code: 'OK';
  readonly deviceId: string;
  readonly deviceReplica: string;
  readonly deviceConnection: string;
  readonly appReplica: string;
}

/** Pairing tokens in Redis, under their hashes. */
@Injectable()
export class PairingTokens {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly keys: Keys,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  /** A new token for the device; its older unclaimed one ends. */
  async issue(deviceId: string): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const hash = sha256Hex(token);
    const { PAIRING_TOKEN_TTL_S, PAIRING_TOKEN_MEMORY_S } = this.config;
    const keys = [this.keys.latestToken(deviceId), this.keys.token(hash)];
    const times = [PAIRING_TOKEN_TTL_S * 1_000, PAIRING_TOKEN_MEMORY_S * 1_000];
    await runScript(this.redis, ISSUE_TOKEN, keys, [this.keys.token(''), hash, deviceId, ...times]);
    return token;
  }

  async lookUp(token: string): Promise<{ state: TokenState; deviceId: string; hash: string }> {
    const hash = sha256Hex(token);
    const answer = await runScript(this.redis, LOOK_UP_TOKEN, [this.keys.token(hash)], []);
    const [state, deviceId] = answer as [TokenState, string];
    return { state, deviceId, hash };
  }

  async claim(
    hash: string,
    appConnection: string,
    sessionId: string,
  ): Promise<Claimed | { code: ClaimRefusal }> {
    const keys = [this.keys.token(hash), this.keys.app(appConnection)];
    const args = [hash, sessionId, this.keys.device(''), this.keys.replica('')];
    const answer = (await runScript(this.redis, CLAIM_TOKEN, keys, args)) as [string, ...string[]];
    const [code, deviceId = '', deviceReplica = '', deviceConnection = '', appReplica = ''] = answer;
    if (code !== 'OK') return { code: code as ClaimRefusal };
    return { code, deviceId, deviceReplica, deviceConnection, appReplica };
  }

  /** The claim of this session came to nothing. */
  async unclaim(hash: string, deviceId: string, sessionId: string): Promise<void> {
    const keys = [this.keys.token(hash), this.keys.latestToken(deviceId)];
    await runScript(this.redis, UNCLAIM_TOKEN, keys, [hash, sessionId]);
  }

  /** Ends the device's open token: the device is no more. */
  async revoke(deviceId: string): Promise<void> {
    const latest = this.keys.latestToken(deviceId);
    const hash = await this.redis.getdel(latest);
    await this.redis.del(this.keys.nonce(deviceId));
    if (hash !== null && (await this.redis.exists(this.keys.token(hash))) === 1)
      await this.redis.hset(this.keys.token(hash), 'state', 'ended');
  }
}
