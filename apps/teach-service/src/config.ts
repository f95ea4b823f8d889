import { commonSettings, loadConfig, loadConfigOrExit, setting, type ConfigOf } from '@teleop/service-kit';
import { executionSettings } from './executions/execution-settings';
import { exportSettings } from './export/export-settings';
import { ingestSettings } from './ingest/ingest-settings';
import { missionSettings } from './missions/mission-settings';
import { presentSettings } from './present/present-settings';
import { sessionSettings } from './sessions/session-settings';

export const settings = {
  ...commonSettings,
  ...missionSettings,
  ...executionSettings,
  ...exportSettings,
  ...presentSettings,
  ...sessionSettings,
  ...ingestSettings,
  /** Connections to PostgreSQL. */
  DATABASE_POOL: setting.int({ default: 12, min: 2, max: 200 }),
};

export type TeachConfig = ConfigOf<typeof settings>;

/** Typed and frozen; throws with every mistake by name. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): TeachConfig {
  return loadConfig(settings, env);
}

/** For main.ts: the config, or a readable message and exit code 1. */
export function readConfigOrExit(): TeachConfig {
  return loadConfigOrExit(settings);
}
