import type { Infra } from '@teleop/infra';
import type { Layout } from './layout';

export interface StackOptions {
  /** Data, logs and pidfiles go below it. Two stacks on one folder are refused. */
  dataDir: string;
  /** The gateway's port, the others keeping their distance; 0 (the default): free ports for all. */
  basePort?: number;
  /** Demo rows; false seeds only what the product cannot do without. Default false. */
  demo?: boolean;
  /** Simulated robots. Default false. */
  simulators?: boolean;
  /** Laid over process.env; wins over what the stack would set. */
  env?: Record<string, string>;
  /** How many processes of a service; its first is the one the others are pointed to. Default 1. */
  replicas?: Record<string, number>;
  /** Each process of a service before it is started, e.g. for a load balancer that `env` points the others to. */
  onReplica?: (service: string, url: string) => void;
  /** Each line a process writes. */
  onLine?: (process: string, line: string) => void;
  /** Crashes, restarts, moved ports. */
  onNotice?: (line: string) => void;
  onStep?: (step: StepReport) => void;
  /** Ends a start that is under way; what was started is stopped again. */
  signal?: AbortSignal;
  readyTimeoutMs?: number;
  layout?: Layout;
}

export interface StepReport {
  name: string;
  ms: number;
}

export interface StackProcess {
  name: string;
  replica: number;
  /** Null while it waits to be restarted. */
  readonly pid: number | null;
  /** SIGKILL; the supervisor restarts it. */
  kill9(): void;
}

export interface Stack {
  gateway: string;
  /** Every replica's URL by service. */
  services: Record<string, string[]>;
  databaseUrl: string;
  natsUrl: string;
  redisUrl: string;
  /** What the services were told, secrets included. */
  env: Record<string, string>;
  processes: StackProcess[];
  infra: Infra;
  stop(): Promise<void>;
}
