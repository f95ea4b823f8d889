import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const WORKSPACE_FOLDERS = ['apps', 'libs', 'tools', 'tools/simulators'];
const SKIPPED = new Set(['node_modules', 'dist', 'out-tsc']);

/** Every folder with a jest.config.ts, and whether any of them holds end-to-end tests. */
export function findTests(root: string): { projects: string[]; hasE2e: boolean } {
  const projects = WORKSPACE_FOLDERS.flatMap((folder) => childrenOf(path.join(root, folder))).filter(
    (folder) => existsSync(path.join(folder, 'jest.config.ts')),
  );
  return { projects, hasE2e: projects.some(holdsE2e) };
}

function childrenOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => path.join(folder, name));
}

function holdsE2e(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? !SKIPPED.has(entry.name) && holdsE2e(path.join(folder, entry.name))
      : entry.name.endsWith('.e2e-spec.ts'),
  );
}
