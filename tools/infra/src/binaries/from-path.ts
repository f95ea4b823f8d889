import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { inspect, type Requirement } from './binary';
import { NothingThere, type Rung } from './ladder';

/** Programs on PATH, then in folders where distributions keep them off PATH. The first of the right version wins. */
export function fromPath(
  program: string,
  requirement: Requirement,
  pathVariable: string | undefined,
  extraFolders: readonly string[] = [],
): Rung {
  return {
    name: 'PATH',
    async climb() {
      const folders = [...(pathVariable ?? '').split(path.delimiter).filter(Boolean), ...extraFolders];
      const candidates = folders.map((folder) => path.join(folder, program)).filter(isExecutable);
      if (candidates.length === 0) throw new NothingThere(`no ${program} found`);
      const reasons: unknown[] = [];
      for (const candidate of candidates) {
        try {
          return await inspect(candidate, 'PATH', requirement);
        } catch (error) {
          reasons.push(error);
        }
      }
      throw reasons[0];
    },
  };
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
