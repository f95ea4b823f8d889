import path from 'node:path';
import { startSource, type SourceProcess } from '@teleop/testing';

const APP = path.resolve(__dirname, '../..');

export type ReplicaProcess = Omit<SourceProcess, 'output'>;

/** recognition-service with the engine of these tests, as a process of its own. */
export function startReplica(env: Readonly<Record<string, string>>): Promise<ReplicaProcess> {
  return startSource(APP, 'src/testing/replica.spec-support.ts', { ...env, LOG_LEVEL: 'info' });
}
