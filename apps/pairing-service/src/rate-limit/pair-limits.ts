import { Inject, Injectable } from '@nestjs/common';
import { InjectConfig, Logger, LOGGER, Metrics, ProblemError, REDIS } from '@teleop/service-kit';
import type { Redis } from 'ioredis';
import type { PairingConfig } from '../config';
import { Keys } from '../presence/keys';
import { runScript } from '../presence/run-script';
import { TAKE_TOKEN } from './take-token.lua';

/** How often one address and one device may call `/pair/*`, counted for all replicas together. */
@Injectable()
export class PairLimits {
  readonly #refused;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly keys: Keys,
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.#refused = metrics.counter('pairing_rate_limited_total', 'Calls of /pair/* that came too often');
  }

  /** Throws 429 RATE_LIMITED. Without Redis nobody is limited: what the call wants to do fails by itself then. */
  async take(address: string, deviceId?: string): Promise<void> {
    const { PAIR_ADDRESS_PER_S, PAIR_ADDRESS_BURST, PAIR_DEVICE_PER_S, PAIR_DEVICE_BURST } = this.config;
    const keys = [this.keys.rate(`address:${address}`)];
    const rules = [PAIR_ADDRESS_PER_S, PAIR_ADDRESS_BURST];
    if (deviceId !== undefined) {
      keys.push(this.keys.rate(`device:${deviceId}`));
      rules.push(PAIR_DEVICE_PER_S, PAIR_DEVICE_BURST);
    }
    const waitMs = await runScript(this.redis, TAKE_TOKEN, keys, rules).catch((error: unknown) => {
      this.log.warn({ err: error }, 'rate limits cannot be counted; nobody is limited');
      return 0;
    });
    if (waitMs === 0) return;
    this.#refused.inc();
    const seconds = Math.max(1, Math.ceil(Number(waitMs) / 1_000));
    throw new ProblemError(429, 'RATE_LIMITED', `Too many calls; try again in ${seconds} s`, {
      headers: { 'retry-after': String(seconds) },
    });
  }
}
