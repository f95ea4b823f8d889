import { InfraError } from './errors';

export interface InfraSettings {
  maxConnections: number;
  readyTimeoutMs: number;
  /** Overrides how much free disk space is asked for; undefined: 300 MB for a first start, 64 MB later. */
  minFreeMb: number | undefined;
}

/** TELEOP_* settings of the local servers. A bad value stops the start with its name. */
export function readSettings(env: NodeJS.ProcessEnv): InfraSettings {
  return {
    maxConnections: number(env, 'TELEOP_PG_MAX_CONNECTIONS', 200),
    readyTimeoutMs: number(env, 'TELEOP_INFRA_READY_TIMEOUT_MS', 60_000),
    minFreeMb: env['TELEOP_MIN_FREE_MB'] ? number(env, 'TELEOP_MIN_FREE_MB', 0) : undefined,
  };
}

function number(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0)
    throw new InfraError(`${name} must be a positive whole number, not "${text}".`);
  return value;
}
