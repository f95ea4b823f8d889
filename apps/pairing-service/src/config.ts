import { commonSettings, loadConfig, loadConfigOrExit, setting, type ConfigOf } from '@teleop/service-kit';

const MIB = 1024 * 1024;

export const settings = {
  ...commonSettings,
  /** Whose X-Forwarded-For is believed: by default a gateway on the same machine, or all phones would share one limit. */
  TRUST_PROXY: setting.string({ default: 'loopback' }),
  /** What the names of everything in Redis begin with: two installations may share a server. */
  REDIS_PREFIX: setting.string({ default: 'teleop:pairing:', pattern: /^[\w:-]{1,64}$/ }),
  /** Connections to PostgreSQL. */
  DATABASE_POOL: setting.int({ default: 8, min: 2, max: 200 }),

  /** Seconds a nonce may be signed in. */
  PAIRING_NONCE_TTL_S: setting.int({ default: 120, min: 1 }),
  /** Seconds a pairing token may be claimed in. */
  PAIRING_TOKEN_TTL_S: setting.int({ default: 120, min: 1 }),
  /** Seconds a token is remembered beyond that, to tell one that has expired (410) from one that never was (404). */
  PAIRING_TOKEN_MEMORY_S: setting.int({ default: 86_400, min: 0 }),
  /** Devices may connect without a token, as in the source. Default: false in production, else true. */
  PAIRING_OPEN_DEVICE_SOCKET: setting.bool({ optional: true }),
  /** Seconds a side that lost its socket may take to come back to its session; 0: the session ends at once. */
  SESSION_RESUME_GRACE_S: setting.int({ default: 0, min: 0, max: 3_600 }),
  /** Bytes of what was last sent to a side that are kept for its return. Nothing is kept while the grace is 0. */
  SESSION_RESUME_BUFFER_BYTES: setting.int({ default: 16 * MIB, min: 0 }),

  /** Bytes of one frame; a larger one closes the socket with 1009. */
  MAX_FRAME_BYTES: setting.int({ default: 8 * MIB, min: 1_024, max: 64 * MIB }),
  /** Levels of objects and arrays in one frame. */
  MAX_FRAME_DEPTH: setting.int({ default: 512, min: 8, max: 1_000 }),
  /** Members of objects in one frame, over all levels. */
  MAX_FRAME_MEMBERS: setting.int({ default: 100_000, min: 16 }),
  /** Bytes that may wait for a socket that reads slowly; it is closed when they are more. */
  MAX_UNSENT_BYTES: setting.int({ default: 16 * MIB, min: 1_024 }),
  /** Refused messages in a row that close a socket with 4008. */
  MAX_REFUSED_IN_A_ROW: setting.int({ default: 10, min: 1 }),
  /** Seconds without a frame of a client's own after which it counts as gone. */
  SILENCE_LIMIT_S: setting.int({ default: 90, min: 1 }),
  /** Milliseconds between looks for silent sockets and sessions whose grace is over. */
  SOCKET_TICK_MS: setting.int({ default: 250, min: 10 }),
  /** Milliseconds a socket that was told to close may take. */
  CLOSE_GRACE_MS: setting.int({ default: 2_000, min: 1 }),

  /** Milliseconds a reserved socket waits for its session to begin. */
  RESERVATION_MS: setting.int({ default: 5_000, min: 100 }),
  /** Milliseconds between writings of who is where and when it was heard. */
  PRESENCE_WRITE_MS: setting.int({ default: 5_000, min: 50 }),
  /** Where other replicas reach this one (http or https), for sides that come back to another one; default: its own address. */
  REPLICA_URL: setting.url({ optional: true, protocols: ['http', 'https'] }),
  /** Milliseconds between a replica's signs of life in Redis; it counts as gone after four missed ones. */
  REPLICA_ALIVE_MS: setting.int({ default: 1_000, min: 50 }),
  /** Milliseconds between looks at replicas that hold the other side of a session. */
  REPLICA_PROBE_MS: setting.int({ default: 400, min: 20 }),
  /** Milliseconds a replica that is there may take to answer another one. */
  REPLICA_ANSWER_MS: setting.int({ default: 5_000, min: 50 }),
  /** Milliseconds before what went astray between replicas is sent again. */
  REPLICA_RETRY_MS: setting.int({ default: 100, min: 1 }),
  /** Bytes of one message between replicas: NATS takes 1 MiB by default. */
  REPLICA_CHUNK_BYTES: setting.int({ default: 512 * 1024, min: 1_024, max: 60 * MIB }),
  /** Bytes on their way to another replica at which the sender's socket is not read for a while. */
  REPLICA_WINDOW_BYTES: setting.int({ default: 4 * MIB, min: 1_024 }),

  /** Where hardware is registered (POST); unset: every registration is answered with 503. */
  HARDWARE_ADMIN_URL: setting.url({ optional: true, protocols: ['http', 'https'] }),
  /** Sent to it as a bearer token. */
  HARDWARE_ADMIN_TOKEN: setting.secret({ optional: true }),
  HARDWARE_ADMIN_TIMEOUT_MS: setting.int({ default: 10_000, min: 1 }),
  /** Bytes of its answer that are read. */
  HARDWARE_ADMIN_MAX_ANSWER_BYTES: setting.int({ default: 256 * 1024, min: 1 }),

  /** `/pair/*`, a second and in a burst, for one address and for one device. */
  PAIR_ADDRESS_PER_S: setting.int({ default: 200, min: 1 }),
  PAIR_ADDRESS_BURST: setting.int({ default: 5_000, min: 1 }),
  PAIR_DEVICE_PER_S: setting.int({ default: 5, min: 1 }),
  PAIR_DEVICE_BURST: setting.int({ default: 200, min: 1 }),

  /** Milliseconds between sweeps that close the records of sessions nobody holds any more. */
  AUDIT_SWEEP_MS: setting.int({ default: 15_000, min: 50 }),
  /** Milliseconds a session's record may stand still before it counts as one of those. */
  AUDIT_LOST_MS: setting.int({ default: 60_000, min: 100 }),
};

export type PairingConfig = ConfigOf<typeof settings> & { readonly PAIRING_OPEN_DEVICE_SOCKET: boolean };

function completed(config: ConfigOf<typeof settings>): PairingConfig {
  const open = config.PAIRING_OPEN_DEVICE_SOCKET ?? config.NODE_ENV !== 'production';
  return Object.freeze({ ...config, PAIRING_OPEN_DEVICE_SOCKET: open });
}

/** Typed and frozen; throws with every mistake by name. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): PairingConfig {
  return completed(loadConfig(settings, env));
}

/** For main.ts: the config, or a readable message and exit code 1. */
export function readConfigOrExit(): PairingConfig {
  return completed(loadConfigOrExit(settings));
}
