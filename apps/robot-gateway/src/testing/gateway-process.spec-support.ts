import path from 'node:path';
import { startSource, type SourceProcess } from '@teleop/testing';

const APP = path.resolve(__dirname, '../..');

export type GatewayProcess = Pick<SourceProcess, 'url' | 'pid' | 'kill9'>;

/** robot-gateway as a process of its own, so that it can be killed. */
export function startGatewayProcess(env: Record<string, string>): Promise<GatewayProcess> {
  return startSource(APP, 'src/main.ts', { ...env, LOG_LEVEL: 'info' });
}
