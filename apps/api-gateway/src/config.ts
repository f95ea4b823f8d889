import { commonSettings, setting, type ConfigOf } from '@teleop/service-kit';

const MIB = 1024 * 1024;
const http = { protocols: ['http', 'https'], optional: true } as const;

/** What can be set. Times in milliseconds, sizes in bytes, rates per second and client. */
export const gatewaySettings = {
  ...commonSettings,
  /** The whole of a request: a vision upload over a slow line takes its time. A body that stands still ends sooner. */
  REQUEST_TIMEOUT_MS: setting.int({ default: 300_000, min: 1 }),

  // A service without a URL is answered for with 503: its paths are ours before it exists.
  QUEUE_SERVICE_URL: setting.url(http),
  VISION_SERVICE_URL: setting.url(http),
  RECOGNITION_SERVICE_URL: setting.url(http),
  ROBOT_GATEWAY_URL: setting.url(http),
  PAIRING_SERVICE_URL: setting.url(http),
  TEACH_SERVICE_URL: setting.url(http),

  /** Silence of a service for this long is a 504; each piece of a body that moves starts it anew. */
  UPSTREAM_TIMEOUT_MS: setting.int({ default: 15_000, min: 1 }),
  /** The same for what a vision model or a face scan may take. */
  UPSTREAM_SLOW_TIMEOUT_MS: setting.int({ default: 120_000, min: 1 }),
  UPSTREAM_CONNECT_TIMEOUT_MS: setting.int({ default: 2_000, min: 1 }),
  UPSTREAM_MAX_SOCKETS: setting.int({ default: 512, min: 1 }),
  /**
   * After so long an idle connection to a service is given up. Shorter than services keep them open, also while they stop
   * (SHUTDOWN_DELAY_MS), or a request may go out on one that is just being closed: its fate would be unknown.
   */
  UPSTREAM_IDLE_MS: setting.int({ default: 4_000, min: 1 }),

  MAX_BODY_BYTES: setting.int({ default: MIB, min: 1 }),
  MAX_VISION_BODY_BYTES: setting.int({ default: 40 * MIB, min: 1 }),
  MAX_UPLOAD_BYTES: setting.int({ default: 16 * MIB, min: 1 }),
  /** How long a body that was refused is still read and thrown away, so that the caller gets to see why. */
  BODY_DRAIN_MS: setting.int({ default: 2_000, min: 0 }),

  /** Origins of browsers that may call; `localhost` stands for any port of this machine, `*` for everybody. */
  CORS_ORIGINS: setting.list({ default: ['localhost'] }),
  CORS_MAX_AGE_SECONDS: setting.int({ default: 600 }),

  RATE_LIMIT_ENABLED: setting.bool({ default: true }),
  RATE_LIMIT_PER_SECOND: setting.int({ default: 1_000, min: 1 }),
  RATE_LIMIT_BURST: setting.int({ default: 5_000, min: 1 }),
  RATE_LIMIT_AUTH_PER_SECOND: setting.int({ default: 10, min: 1 }),
  RATE_LIMIT_AUTH_BURST: setting.int({ default: 200, min: 1 }),
  /** Robots are counted one by one, as clients are, by the name and key they send; and all of an address by this. */
  RATE_LIMIT_ROBOTS_PER_SECOND: setting.int({ default: 10_000, min: 1 }),
  RATE_LIMIT_ROBOTS_BURST: setting.int({ default: 50_000, min: 1 }),
  RATE_LIMIT_SOCKET_PER_SECOND: setting.int({ default: 200, min: 1 }),
  RATE_LIMIT_SOCKET_BURST: setting.int({ default: 10_000, min: 1 }),
  /** A limit is never waited for longer than this; then the replica limits on its own. */
  RATE_LIMIT_REDIS_TIMEOUT_MS: setting.int({ default: 50, min: 1 }),
  /** Clients remembered by a replica; the one seen longest ago is forgotten first. */
  RATE_LIMIT_MAX_CLIENTS: setting.int({ default: 50_000, min: 1 }),

  SOCKET_MAX_MESSAGE_BYTES: setting.int({ default: 64 * 1024, min: 1 }),
  /** Unsent bytes at which a client that does not keep up is dropped. */
  SOCKET_MAX_BUFFER_BYTES: setting.int({ default: MIB, min: 1 }),
  SOCKET_PING_INTERVAL_MS: setting.int({ default: 15_000, min: 1 }),
  SOCKET_PING_TIMEOUT_MS: setting.int({ default: 10_000, min: 1 }),
  /** How long a connecting client waits for a queue-service or robot-gateway that is away before it is refused. */
  SOCKET_CONNECT_TIMEOUT_MS: setting.int({ default: 10_000, min: 1 }),

  QUEUE_UPDATE_MIN_INTERVAL_MS: setting.int({ default: 50, min: 0 }),
  QUEUE_RECONCILE_MS: setting.int({ default: 2_000, min: 1 }),
  QUEUE_PULL_MAX_BACKOFF_MS: setting.int({ default: 2_000, min: 1 }),

  /** Between two readings of the watched robots' states: clients that connect at once share one. */
  ROBOT_PULL_MIN_INTERVAL_MS: setting.int({ default: 50, min: 0 }),
  ROBOT_PULL_MAX_BACKOFF_MS: setting.int({ default: 2_000, min: 1 }),
  /** Between readings that find what got lost on its way. */
  ROBOT_RECONCILE_MS: setting.int({ default: 3_000, min: 1 }),
  /** Between questions of what is being taught and run, to a teach-service that is away while somebody joins. */
  TEACH_PRESENT_RETRY_MS: setting.int({ default: 2_000, min: 10 }),

  OPENAPI_CACHE_MS: setting.int({ default: 60_000, min: 0 }),
  /** A service puts its document together when it is first asked: a second of work, more on a busy machine. */
  OPENAPI_TIMEOUT_MS: setting.int({ default: 5_000, min: 1 }),
  SERVICE_PROBE_TIMEOUT_MS: setting.int({ default: 1_000, min: 1 }),
} as const;

export type GatewayConfig = ConfigOf<typeof gatewaySettings>;
