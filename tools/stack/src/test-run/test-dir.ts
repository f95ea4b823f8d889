import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identify, isRunning, stopLeftInfra, type ProcessIdentity } from '@teleop/infra';

const OWNER = 'owner.json';

/** A data folder of one `npm test`, so that tests neither see nor disturb what `npm start` keeps. */
export function makeTestDir(dataDir: string): string {
  const folder = path.join(dataDir, `test-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, OWNER), JSON.stringify(identify(process.pid)));
  return folder;
}

export function isTestDirInUse(folder: string): boolean {
  if (!path.basename(folder).startsWith('test-')) return false;
  const file = path.join(folder, OWNER);
  if (!existsSync(file)) return false;
  const owner = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity | null;
  return owner !== null && isRunning(owner);
}

/** Servers and files of test runs that were killed before they could clean up. */
export async function clearDeadTestDirs(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  for (const entry of readdirSync(dataDir)) {
    const folder = path.join(dataDir, entry);
    if (entry.startsWith('test-') && !isTestDirInUse(folder)) await removeTestDir(folder);
  }
}

/** Tests that bring up stacks of their own keep them one level below; one that died half-way may have left servers there. */
export async function removeTestDir(folder: string): Promise<void> {
  const nested = readdirSync(folder).map((entry) => path.join(folder, entry));
  for (const place of [folder, ...nested]) {
    if (existsSync(path.join(place, 'run'))) await stopLeftInfra(place);
  }
  rmSync(folder, { recursive: true, force: true });
}
