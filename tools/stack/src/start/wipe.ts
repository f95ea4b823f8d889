import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { InfraError, stopLeftInfra, tryAcquire } from '@teleop/infra';
import { ChildPidfiles } from '../supervise/child-pidfiles';
import { isTestDirInUse } from '../test-run/test-dir';

/**
 * `--fresh`. Refuses a folder that a stack runs on, and one that does not look like ours: a mistyped --data must not cost
 * somebody's home. What a running `npm test` keeps in there is left alone.
 */
export async function wipe(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const entries = readdirSync(dataDir);
  if (entries.length === 0) return;
  if (!entries.includes('run') && !entries.every((entry) => entry.startsWith('test-'))) {
    throw new InfraError(
      `${dataDir} is not empty and was not made by this program: --fresh does not wipe it.`,
    );
  }
  const lock = tryAcquire(path.join(dataDir, 'run', 'stack.lock'));
  if ('holder' in lock) {
    throw new InfraError(
      `A stack runs on ${dataDir} (launcher pid ${lock.holder.pid}). Stop it before --fresh.`,
    );
  }
  await new ChildPidfiles(dataDir).endLeftovers();
  await stopLeftInfra(dataDir);
  for (const entry of readdirSync(dataDir)) {
    const file = path.join(dataDir, entry);
    if (!isTestDirInUse(file)) rmSync(file, { recursive: true, force: true });
  }
}
