export const SERVER_NAMES = ['postgres', 'nats', 'redis'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

export interface InfraServer {
  /** Null when the server is not ours to touch (its URL was given) or is not running. */
  readonly pid: number | null;
  readonly port: number;
  /** True when the caller's environment named the server: it is used, never started, killed or stopped. */
  readonly external: boolean;
  /** True while the process is there (a zombie is not). An external server counts as alive. */
  alive(): boolean;
  /** SIGKILL, as a power cut would do it. Returns at once. */
  kill9(): void;
  /** Ends the process if it still runs and starts it again on the same port and data; resolves when it is ready. */
  restart(): Promise<void>;
}

export interface Infra {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly redisUrl: string;
  readonly servers: Record<ServerName, InfraServer>;
  /** Stops what this call started or adopted from a dead launcher; leaves what another live launcher owns. */
  stop(options?: StopOptions): Promise<void>;
}

export interface StopOptions {
  /** When a clean stop takes longer than this, the server is ended the hard way (it recovers at the next start). */
  withinMs?: number;
}

export interface InfraOptions {
  /** Everything is kept below it: data, logs, pidfiles, remembered ports. */
  dataDir: string;
  /** A port asked for by name must be free; without it the remembered one is used, else a free one. */
  ports?: Partial<Record<ServerName, number>>;
  onProgress?: (line: string) => void;
  /** Where DATABASE_URL, NATS_URL, REDIS_URL and the TELEOP_* settings are read from. */
  env?: NodeJS.ProcessEnv;
  /** The servers outlive this process and whoever adopts them (`infra start` on the command line). */
  keepRunning?: boolean;
}
