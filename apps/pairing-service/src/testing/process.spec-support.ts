import path from 'node:path';
import { startSource, type SourceProcess } from '@teleop/testing';

const APP = path.resolve(__dirname, '../..');

export type ServiceProcess = Omit<SourceProcess, 'pid'>;

/** pairing-service as a process of its own, so that it can be killed. */
export function startProcess(env: Record<string, string>): Promise<ServiceProcess> {
  return startSource(APP, 'src/main.ts', env);
}
