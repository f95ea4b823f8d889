import { startInfra } from '../start-infra';
import type { Infra, InfraOptions } from '../types';
import { removeTempDirs, tempDir } from './temp-dir.spec-support';

const running: Infra[] = [];

/** Servers of this test alone: whatever the machine's environment names is not looked at. */
export async function ownInfra(options: Partial<InfraOptions> = {}): Promise<Infra & { dataDir: string }> {
  const dataDir = options.dataDir ?? tempDir();
  const infra = await startInfra({ env: ownEnv(), ...options, dataDir });
  running.push(infra);
  return { ...infra, dataDir };
}

export function ownEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], TELEOP_CACHE_DIR: process.env['TELEOP_CACHE_DIR'], ...more };
}

export async function stopOwnInfra(): Promise<void> {
  await Promise.all(running.splice(0).map((infra) => infra.stop()));
  removeTempDirs();
}
