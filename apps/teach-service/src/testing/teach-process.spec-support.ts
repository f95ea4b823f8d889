import path from 'node:path';
import { startSource, type SourceProcess } from '@teleop/testing';

const APP = path.resolve(__dirname, '../..');

export type TeachProcess = Pick<SourceProcess, 'url' | 'kill9'>;

/** teach-service as a process of its own, so that it can be killed. */
export function startTeachProcess(env: Record<string, string>): Promise<TeachProcess> {
  return startSource(APP, 'src/main.ts', { ...env, LOG_LEVEL: 'info' });
}
