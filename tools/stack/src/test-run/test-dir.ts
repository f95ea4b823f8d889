import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identify, isRunning, stopLeftInfra, type ProcessIdentity } from '@teleop/infra';
import { ChildPidfiles } from '../supervise/child-pidfiles';

const OWNER = 'owner.json';
const NESTED_LEVELS = 2;

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

/** Tests that bring up servers of their own keep them below; one that was interrupted may have left them running. */
export async function removeTestDir(folder: string): Promise<void> {
  for (const place of dataFoldersIn(folder, NESTED_LEVELS)) {
    await new ChildPidfiles(place).endLeftovers();
    await stopLeftInfra(place);
  }
  // Retried, as a process that was just killed may still be making files.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function dataFoldersIn(folder: string, levels: number): string[] {
  const below = levels > 0 ? childFolders(folder).flatMap((child) => dataFoldersIn(child, levels - 1)) : [];
  return existsSync(path.join(folder, 'run')) ? [folder, ...below] : below;
}

function childFolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [path.join(folder, entry.name)] : [],
  );
}
