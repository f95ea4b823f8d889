import http from 'node:http';
import https from 'node:https';
import type { GatewayConfig } from '../config';
import { UPSTREAMS, type UpstreamName } from '../routing/route-table';

/** Where a service listens, with its own pool of connections: one slow service cannot use up another's. */
export interface Upstream {
  readonly name: UpstreamName;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** The Host header it is called by. */
  readonly authority: string;
  /** Path of its URL without the closing slash; put before every path. */
  readonly prefix: string;
  readonly agent: http.Agent;
}

type UpstreamSettings = Pick<
  GatewayConfig,
  | 'QUEUE_SERVICE_URL'
  | 'VISION_SERVICE_URL'
  | 'RECOGNITION_SERVICE_URL'
  | 'ROBOT_GATEWAY_URL'
  | 'PAIRING_SERVICE_URL'
  | 'TEACH_SERVICE_URL'
  | 'UPSTREAM_MAX_SOCKETS'
  | 'UPSTREAM_IDLE_MS'
>;

const SETTING = {
  'queue-service': 'QUEUE_SERVICE_URL',
  'vision-service': 'VISION_SERVICE_URL',
  'recognition-service': 'RECOGNITION_SERVICE_URL',
  'robot-gateway': 'ROBOT_GATEWAY_URL',
  'pairing-service': 'PAIRING_SERVICE_URL',
  'teach-service': 'TEACH_SERVICE_URL',
} as const satisfies Record<UpstreamName, keyof UpstreamSettings>;

export class Upstreams {
  readonly #byName = new Map<UpstreamName, Upstream>();

  constructor(config: UpstreamSettings) {
    for (const name of UPSTREAMS) {
      const url = config[SETTING[name]];
      if (url !== undefined) this.#byName.set(name, upstream(name, new URL(url), config));
    }
  }

  /** Undefined while the service has no URL. */
  get(name: UpstreamName): Upstream | undefined {
    return this.#byName.get(name);
  }

  configured(): readonly Upstream[] {
    return [...this.#byName.values()];
  }

  close(): void {
    for (const { agent } of this.#byName.values()) agent.destroy();
  }
}

function upstream(name: UpstreamName, url: URL, config: UpstreamSettings): Upstream {
  const secure = url.protocol === 'https:';
  const options = {
    keepAlive: true,
    // Idle connections are given up before the service does so; see UPSTREAM_IDLE_MS.
    timeout: config.UPSTREAM_IDLE_MS,
    maxSockets: config.UPSTREAM_MAX_SOCKETS,
    maxFreeSockets: config.UPSTREAM_MAX_SOCKETS,
    // Last in, first out: a quiet pool shrinks instead of keeping every connection half warm.
    scheduling: 'lifo',
    noDelay: true,
  } as const;
  return {
    name,
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
    prefix: url.pathname.replace(/\/$/, ''),
    agent: secure ? new https.Agent(options) : new http.Agent(options),
  };
}
