import type { ConfigOf } from './load-config';
import { setting } from './setting';

/** What every service understands. Times in milliseconds. Spread it into the service's own settings. */
export const commonSettings = {
  NODE_ENV: setting.oneOf(['development', 'test', 'production'], { default: 'development' }),
  HOST: setting.string({ default: '0.0.0.0' }),
  PORT: setting.int({ optional: true, max: 65_535 }),
  /** Answers /metrics on a port of its own, and no longer on PORT, which the public may reach. Unset: on PORT. */
  METRICS_PORT: setting.int({ optional: true, max: 65_535 }),
  LOG_LEVEL: setting.oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
  }),
  /** `errors`: slow, refused (debug) and failed requests; `all`: every one. */
  LOG_REQUESTS: setting.oneOf(['errors', 'all'], { default: 'errors' }),
  SLOW_REQUEST_MS: setting.int({ default: 1_000, min: 1 }),
  DATABASE_URL: setting.url({
    default: 'postgres://postgres@127.0.0.1:5432/teleop',
    protocols: ['postgres', 'postgresql'],
  }),
  NATS_URL: setting.url({ default: 'nats://127.0.0.1:4222', protocols: ['nats', 'tls', 'ws', 'wss'] }),
  /** Copies of a stream that this service is the first to make; more than one needs a cluster of NATS servers. */
  NATS_STREAM_REPLICAS: setting.int({ default: 1, min: 1, max: 5 }),
  REDIS_URL: setting.url({ default: 'redis://127.0.0.1:6379', protocols: ['redis', 'rediss'] }),
  JWT_SECRET: setting.secret({ devDefault: 'dev-jwt-secret' }),
  JWT_JWKS_URL: setting.url({ optional: true, protocols: ['http', 'https'] }),
  INTERNAL_API_TOKEN: setting.secret({ devDefault: 'dev-internal-token' }),
  /** `false`, `true` (believe any proxy), or a list of addresses and subnets whose X-Forwarded-For is believed. */
  TRUST_PROXY: setting.string({ default: 'false' }),
  REQUEST_TIMEOUT_MS: setting.int({ default: 30_000, min: 1 }),
  KEEP_ALIVE_TIMEOUT_MS: setting.int({ default: 65_000, min: 1 }),
  SHUTDOWN_TIMEOUT_MS: setting.int({ default: 10_000, min: 1 }),
  /**
   * Milliseconds, before that, in which a service that is to stop goes on serving: it says that it is not ready, and asks each
   * caller to connect anew, elsewhere. As long as whoever balances the load takes to notice.
   */
  SHUTDOWN_DELAY_MS: setting.int({ default: 0, min: 0 }),
  HEALTH_TIMEOUT_MS: setting.int({ default: 2_000, min: 1 }),
  CLOCK_SKEW_LIMIT_MS: setting.int({ default: 2_000, min: 1 }),
  WS_PING_INTERVAL_MS: setting.int({ default: 15_000, min: 1 }),
  WS_AUTH_TIMEOUT_MS: setting.int({ default: 5_000, min: 1 }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.url({ optional: true, protocols: ['http', 'https'] }),
} as const;

export type CommonConfig = ConfigOf<typeof commonSettings>;
