import type { IncomingHttpHeaders } from 'node:http';
import type { Redis } from 'ioredis';
import { ProblemError, type Clock, type Logger, type Metrics } from '@teleop/service-kit';
import type { GatewayConfig } from '../config';
import { clientKey } from './client-key';
import { OwnBuckets } from './own-buckets';
import { RateLimiter } from './rate-limiter';
import { robotKey } from './robot-key';
import { RedisBuckets } from './shared-bucket';
import type { BucketRule } from './token-bucket';

/**
 * `request`: every HTTP request. In its place `auth` for those that try a credential, `robots` for those of robots. `socket`:
 * handshakes of Socket.IO and WebSockets.
 */
export type LimitName = 'request' | 'auth' | 'robots' | 'socket';

const LEASE_MS = 1_000;
const ALONE_MS = 1_000;
/** A batch is this part of a burst: 1 % unused at worst. Small buckets are exact. */
const BATCH_SHARE = 100;

/** How much one client may ask for, counted over all replicas. */
export class RateLimits {
  readonly #limiters: Record<LimitName, RateLimiter>;
  readonly #robots: OwnBuckets;
  readonly #limited;
  readonly #alone;
  #redisUp = true;

  constructor(
    private readonly config: GatewayConfig,
    redis: Redis,
    private readonly clock: Clock,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.#limited = metrics.counter('gateway_rate_limited_total', 'Requests refused with 429', ['limit']);
    this.#alone = metrics.counter(
      'gateway_rate_limit_alone_total',
      'Questions about a limit that Redis did not answer: the replica limits on its own',
    );
    const shared = new RedisBuckets(redis, config.RATE_LIMIT_REDIS_TIMEOUT_MS);
    const limiter = (name: LimitName, rule: BucketRule) =>
      new RateLimiter(
        {
          rule,
          batch: Math.max(1, Math.floor(rule.burst / BATCH_SHARE / 10) * 10),
          leaseMs: LEASE_MS,
          retryMs: ALONE_MS,
          maxClients: config.RATE_LIMIT_MAX_CLIENTS,
        },
        {
          now: () => clock.monotonic(),
          shared: { take: (key, r, want) => shared.take(`${name}:${key}`, r, want) },
          asked: (error) => this.#asked(error),
        },
      );
    const client = { perSecond: config.RATE_LIMIT_PER_SECOND, burst: config.RATE_LIMIT_BURST };
    this.#robots = new OwnBuckets(client, config.RATE_LIMIT_MAX_CLIENTS);
    this.#limiters = {
      request: limiter('request', client),
      robots: limiter('robots', {
        perSecond: config.RATE_LIMIT_ROBOTS_PER_SECOND,
        burst: config.RATE_LIMIT_ROBOTS_BURST,
      }),
      auth: limiter('auth', {
        perSecond: config.RATE_LIMIT_AUTH_PER_SECOND,
        burst: config.RATE_LIMIT_AUTH_BURST,
      }),
      socket: limiter('socket', {
        perSecond: config.RATE_LIMIT_SOCKET_PER_SECOND,
        burst: config.RATE_LIMIT_SOCKET_BURST,
      }),
    };
  }

  /** 0: let through. Otherwise milliseconds to wait. Usually decided at once, without a promise. */
  take(name: LimitName, address: string): number | Promise<number> {
    return this.config.RATE_LIMIT_ENABLED ? this.#limiters[name].take(clientKey(address)) : 0;
  }

  /**
   * A thousand robots may stand behind one address: each is a client of its own, and one that floods is stopped before it
   * uses up what all of the address may ask for together.
   */
  takeRobot(address: string, headers: IncomingHttpHeaders): number | Promise<number> {
    if (!this.config.RATE_LIMIT_ENABLED) return 0;
    const wait = this.#robots.take(robotKey(clientKey(address), headers), this.clock.monotonic());
    return wait > 0 ? wait : this.take('robots', address);
  }

  refusal(name: LimitName, waitMs: number): ProblemError {
    this.#limited.inc({ limit: name });
    const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)));
    return new ProblemError(429, 'RATE_LIMITED', `Too many requests; try again in ${seconds} s`, {
      headers: {
        'retry-after': seconds,
        'ratelimit-limit': String(this.#limiters[name].rule.burst),
        'ratelimit-remaining': '0',
        'ratelimit-reset': seconds,
      },
    });
  }

  #asked(error: Error | undefined): void {
    if (error !== undefined) this.#alone.inc();
    const up = error === undefined;
    if (up === this.#redisUp) return;
    this.#redisUp = up;
    // Once per outage: every client's next question would say the same.
    if (up) this.logger.info('rate limits are shared again');
    else this.logger.warn({ err: error }, 'Redis does not answer; each replica limits on its own');
  }
}
