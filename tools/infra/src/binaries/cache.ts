import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireFreeSpace } from '../checks/disk-space';
import { codeOf } from '../errors';
import { withLock } from '../files/lock';

const UNPACK_MB = 250;

/** Unpacked programs, shared by all data folders: `$TELEOP_CACHE_DIR`, else below the workspace's node_modules. */
export class BinaryCache {
  constructor(readonly root: string) {}

  /**
   * The folder of that name, filled by `fill` when it is not there yet. `fill` works in a folder of its own that is renamed at
   * the end: a crash in the middle leaves nothing that looks complete.
   */
  async folder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
    const target = path.join(this.root, name);
    if (existsSync(target)) return target;
    mkdirSync(this.root, { recursive: true });
    return withLock(path.join(this.root, `${name}.lock`), async () => {
      if (existsSync(target)) return target;
      requireFreeSpace(this.root, UNPACK_MB, `unpacking ${name}`);
      const work = mkdtempSync(path.join(this.root, `${name}.unpacking-`));
      try {
        await fill(work);
        chmodSync(work, 0o755); // mkdtemp closes it to others, who may share the cache
        adopt(work, target);
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
      return target;
    });
  }

  /** Forgets a folder whose content turned out unusable (a library removed, another machine's cache). */
  discard(name: string): void {
    rmSync(path.join(this.root, name), { recursive: true, force: true });
  }
}

function adopt(work: string, target: string): void {
  try {
    renameSync(work, target);
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error; // someone else finished first: theirs will do
  }
}

/** Below node_modules; in the user's own cache where that is someone else's (a read-only image, a checkout of another account). */
export function cacheRoot(env: NodeJS.ProcessEnv, workspace: string): string {
  if (env['TELEOP_CACHE_DIR']) return env['TELEOP_CACHE_DIR'];
  const shared = path.join(workspace, 'node_modules', '.cache', 'teleop-infra');
  if (isWritable(shared)) return shared;
  return path.join(env['XDG_CACHE_HOME'] || path.join(env['HOME'] || tmpdir(), '.cache'), 'teleop-infra');
}

function isWritable(dir: string): boolean {
  if (!existsSync(dir)) return dir !== path.dirname(dir) && isWritable(path.dirname(dir));
  try {
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The nearest folder above this file that holds node_modules: the workspace, whether we run from src or from dist. */
export function workspaceRoot(from: string = __dirname): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package-lock.json')) || folder === path.dirname(folder)) return folder;
  }
}
