import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const WORKSPACE_FOLDERS = ['apps', 'libs', 'tools', 'tools/simulators'];

/** Every folder of the workspace with a jest.config.cjs. */
export function findProjects(root: string): string[] {
  return WORKSPACE_FOLDERS.map((folder) => path.join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((folder) => existsSync(path.join(folder, 'jest.config.cjs')));
}
