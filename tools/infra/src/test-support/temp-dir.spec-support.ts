import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder that is gone after the test; below `npm test`'s own, where a killed run is cleaned up by the next. */
export function tempDir(): string {
  const folder = mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'infra-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

export function removeTempDirs(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
