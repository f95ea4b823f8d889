/**
 * What every service is told. Secrets and limits that the services would default to by themselves are spelled out, so that
 * stack.json shows what is in force.
 */
const DEVELOPMENT_DEFAULTS: Readonly<Record<string, string>> = {
  JWT_SECRET: 'dev-jwt-secret',
  INTERNAL_API_TOKEN: 'dev-internal-token',
  ROBOT_API_KEY: 'secret-robot-key',
  RECOGNITION_API_KEY: 'dev-recognition-key',
  SESSION_SECONDS: '300',
  DRIVE_DEADMAN_MS: '1000',
  DEFAULT_ROBOT_ID: 'table1',
  URL_AES_KEY: 'ZGV2LXVybC1hZXMta2V5LWRldi11cmwtYWVzLWtleS0=',
  // Less than the launcher waits before it kills: Ctrl-C has 5 s in all.
  SHUTDOWN_TIMEOUT_MS: '3000',
};

export interface Addresses {
  databaseUrl: string;
  natsUrl: string;
  redisUrl: string;
  /** Variable name → URL, for every service of the product. */
  serviceUrls: Readonly<Record<string, string>>;
  /** UDP port on which robots announce themselves, or `off`. */
  robotDiscoveryPort: string;
}

/** Ours, overridden by the caller's. Contains only what we set or would have set: this is what stack.json shows. */
export function stackEnvironment(addresses: Addresses, caller: NodeJS.ProcessEnv): Record<string, string> {
  const ours: Record<string, string> = {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    DATABASE_URL: addresses.databaseUrl,
    NATS_URL: addresses.natsUrl,
    REDIS_URL: addresses.redisUrl,
    ...addresses.serviceUrls,
    ROBOT_DISCOVERY_PORT: addresses.robotDiscoveryPort,
    ...DEVELOPMENT_DEFAULTS,
  };
  return Object.fromEntries(
    Object.entries(ours).flatMap(([name, value]) => {
      const given = caller[name];
      if (given !== undefined && given !== '') return [[name, given]];
      return caller[`${name}_FILE`] ? [] : [[name, value]]; // a secret from a file must not be shadowed by our default
    }),
  );
}

/** Of one process: everything of the caller's, then the stack's, then what is this process's own. */
export function processEnvironment(
  stack: Record<string, string>,
  own: Record<string, string>,
  caller: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return { ...caller, ...stack, ...own };
}
