import { commonSettings, ConfigError, loadConfig, setting, type ConfigOf } from '@teleop/service-kit';

export const settings = {
  ...commonSettings,
  /** Length of a turn in seconds. */
  SESSION_SECONDS: setting.int({ default: 300, min: 1, max: 86_400 }),
  /** Fast-track joins an Innovator has per UTC day, over all robots. */
  FAST_TRACK_DAILY: setting.int({ default: 6, min: 0 }),
  /** Joining is allowed while the live stream is paused. Refused in production. */
  TEST_MODE: setting.bool({ default: false }),
  /** Milliseconds between looks for turns whose time is up; their exact end is also timed. */
  TURN_CLOCK_MS: setting.int({ default: 400, min: 50, max: 1_000 }),
  /** Seconds between sweeps, the safety net under everything timed. */
  SWEEP_SECONDS: setting.int({ default: 10, min: 1 }),
  /** Milliseconds between measurements of the queues for /metrics. */
  QUEUE_METRICS_MS: setting.int({ default: 10_000, min: 50 }),
  /** Seconds between rebuilds of the leaderboards; 0 leaves it to the update endpoints. */
  LEADERBOARD_REFRESH_SECONDS: setting.int({ default: 300, min: 0 }),
  /** Changes of one robot's queue that may wait in this process before 503. */
  LANE_MAX_WAITING: setting.int({ default: 2_000, min: 1 }),
  /** Connections to PostgreSQL. */
  DATABASE_POOL: setting.int({ default: 16, min: 2, max: 200 }),
  /** AES-256-GCM key of the URLs handed out, base64 of 32 bytes. */
  URL_AES_KEY: setting.base64({ bytes: 32, devDefault: 'ZGV2LXVybC1hZXMta2V5LWRldi11cmwtYWVzLWtleS0=' }),
  /** Origin of the session relay as browsers reach it (ws or wss); unset: 503 for robots without a control URL. */
  SESSION_RELAY_URL: setting.string({ default: '' }),
  /** Origin of the api-gateway as browsers reach it; the relay's origin follows from it when not given. */
  GATEWAY_PUBLIC_URL: setting.string({ default: '' }),
  /** Milliseconds for the lock_request probe of a robot. */
  PROBE_TIMEOUT_MS: setting.int({ default: 1_000, min: 50 }),
  /** Days an Idempotency-Key is remembered. */
  IDEMPOTENCY_DAYS: setting.int({ default: 2, min: 1 }),
};

export type QueueConfig = ConfigOf<typeof settings> & {
  /** `TELE_OP_CONTROL_URL_ARM_<robotId>`: a robot's own control server, by robot id. */
  readonly controlUrls: ReadonlyMap<string, string>;
};

const CONTROL_URL = 'TELE_OP_CONTROL_URL_ARM_';

/** Typed and frozen; throws ConfigError with every mistake by name. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): QueueConfig {
  const config = loadConfig(settings, env);
  if (config.TEST_MODE && config.NODE_ENV === 'production') {
    throw new ConfigError([{ name: 'TEST_MODE', reason: 'must not be on in production' }]);
  }
  return Object.freeze({ ...config, controlUrls: controlUrls(env) });
}

function controlUrls(env: NodeJS.ProcessEnv): Map<string, string> {
  const named = Object.entries(env).filter(([name, value]) => name.startsWith(CONTROL_URL) && value);
  return new Map(named.map(([name, value]) => [name.slice(CONTROL_URL.length), value!]));
}

export const QUEUE_CONFIG = Symbol('queue-service:config');
