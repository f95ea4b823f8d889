import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, InjectConfig, type Readiness } from '@teleop/service-kit';
import type { GatewayConfig } from '../config';
import { Upstreams } from '../proxy/upstreams';
import { UPSTREAMS } from '../routing/route-table';
import { probe } from './probe';

/**
 * /readyz names every service and dependency, but only NATS can take the front door out of rotation: while one service is
 * away the others' paths must go on working, and the replicas of the gateway would all go at once. Redis only shares the
 * rate limits; without it each replica limits on its own.
 */
@Injectable()
export class DownstreamHealth implements OnModuleInit {
  readonly #optional = new Set<string>(['redis', ...UPSTREAMS]);

  constructor(
    private readonly health: HealthRegistry,
    private readonly upstreams: Upstreams,
    @InjectConfig() private readonly config: GatewayConfig,
  ) {}

  onModuleInit(): void {
    for (const name of UPSTREAMS) {
      const upstream = this.upstreams.get(name);
      if (upstream === undefined) this.health.warn(name, 'NOT_CONFIGURED');
      else this.health.register(name, () => probe(upstream, this.config.SERVICE_PROBE_TIMEOUT_MS));
    }
    // The kit knows required checks only; a failed one of these is turned into a warning here.
    const all = this.health.readiness.bind(this.health);
    this.health.readiness = async () => withoutOptional(await all(), this.#optional);
  }
}

export function withoutOptional(readiness: Readiness, optional: ReadonlySet<string>): Readiness {
  const checks: Record<string, Readiness['checks'][string]> = {};
  for (const [name, check] of Object.entries(readiness.checks)) {
    checks[name] = check.status === 'failed' && optional.has(name) ? { ...check, status: 'warning' } : check;
  }
  const failed = Object.values(checks).some((check) => check.status === 'failed');
  return { status: failed ? 'unavailable' : 'ok', checks };
}
